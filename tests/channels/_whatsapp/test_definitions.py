"""Each definition is made once in an account's life."""

import pytest

from bot.channels._whatsapp.contents import definition
from bot.channels._whatsapp.definitions import AGAIN, Definitions
from bot.channels._whatsapp.faults import AccountRefused, ContentRefused
from bot.ports.channel import Rejected, Unreachable
from tests.channels._whatsapp.rig import FakeApi, FakeMemory
from tests.support.clock import FakeClock

TWO = definition(1, 2, menu=False)
MENU = definition(1, 4, menu=True)


class Rig:
    def __init__(self) -> None:
        self.clock = FakeClock()
        self.api = FakeApi(self.clock)
        self.memory = FakeMemory()
        self.definitions = self.again()

    def again(self) -> Definitions:
        return Definitions(self.api, self.memory, self.clock)


async def test_it_is_made_once_and_kept() -> None:
    rig = Rig()
    first = await rig.definitions.sid(TWO)
    assert await rig.definitions.sid(TWO) == first
    assert await rig.again().sid(TWO) == first
    assert await rig.definitions.sid(MENU) != first
    assert rig.api.calls == ["contents", "create_content", "create_content"]


async def test_what_twilio_has_is_found_by_its_name() -> None:
    rig = Rig()
    rig.api.defined = {TWO.name: "HX" + "5" * 32, "somebody's": "HX" + "6" * 32}
    assert await rig.definitions.sid(TWO) == "HX" + "5" * 32
    assert "create_content" not in rig.api.calls


@pytest.mark.parametrize("error", [AccountRefused("not for you"), Rejected("bad title")])
async def test_an_account_that_may_not_define_does_without(error: Exception) -> None:
    rig = Rig()
    rig.api.fails["create_content"] = [error]
    with pytest.raises(ContentRefused):
        await rig.definitions.sid(TWO)


async def test_no_line_is_no_refusal() -> None:
    rig = Rig()
    rig.api.fails["contents"] = [Unreachable("no network")]
    with pytest.raises(Unreachable):
        await rig.definitions.sid(TWO)
    assert rig.definitions.usable
    assert await rig.definitions.sid(TWO)


async def test_after_a_refusal_there_are_words_for_a_while_and_then_all_is_asked_anew() -> None:
    rig = Rig()
    await rig.definitions.sid(TWO)
    await rig.definitions.fail()
    usable = [rig.definitions.usable]
    await rig.clock.advance(AGAIN)
    assert [*usable, rig.definitions.usable] == [False, True]
    del rig.api.defined[TWO.name]
    assert await rig.definitions.sid(TWO) == rig.api.defined[TWO.name]
