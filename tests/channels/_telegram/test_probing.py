"""What setting up says of a bot."""

from __future__ import annotations

import pytest

from bot.channels._telegram.faults import TokenInvalid
from bot.channels._telegram.probing import contact
from bot.channels._telegram.updates import Me
from bot.core.errors import WingmanError
from bot.ports.channel import RetryLater, Unreachable
from tests.channels._telegram.rig import FakeApi


async def test_a_link_opens_the_chat_and_sends_the_code() -> None:
    found = await contact(FakeApi(), "chat")
    assert found.name == "@wingman_test_bot"
    assert found.link.format(code="abc") == "https://t.me/wingman_test_bot?start=abc"
    assert found.remarks == ()


async def test_topics_that_are_switched_off_are_remarked_on() -> None:
    api = FakeApi()
    (remark,) = (await contact(api, "topics")).remarks
    assert "Threaded Mode" in remark
    api.bot = Me(1, "shop_bot", topics=True)
    assert (await contact(api, "topics")).remarks == ()


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (TokenInvalid("Unauthorized"), "copy it anew from @BotFather"),
        (Unreachable("no route"), "can't be asked now: no route; try again"),
        (RetryLater(3, "flood"), "can't be asked now: flood; try again"),
    ],
)
async def test_what_is_wrong_comes_with_its_cure(fault: WingmanError, words: str) -> None:
    api = FakeApi()
    api.mes = [fault]
    with pytest.raises(WingmanError, match=words):
        await contact(api, "chat")
