"""Attentions that may fail without harm."""

from dataclasses import replace

import pytest

from bot.channels._telegram.courtesy import Courtesy
from bot.channels._telegram.places import Places
from bot.channels._telegram.sending import Sending
from bot.channels._telegram.updates import Ignored
from bot.core.decisions import Inbound
from bot.core.ids import EventId
from bot.core.notices import Button, Notice, NoticeKind, Part
from bot.ports.channel import Rejected, RetryLater, Unreachable
from tests.channels._telegram.rig import FakeApi, FakeChat, FakeMemory
from tests.channels._telegram.samples import ME
from tests.support.clock import FakeClock

COMMANDS = [("approve", "allow it once"), ("Bad Name", "x"), ("empty", ""), ("long", "w" * 300)]
LISTED = [("approve", "allow it once"), ("long", "w" * 255 + "…")]

SETTLED = Notice(NoticeKind.REPLY, "✓ Session 'a' approved", (Part("by Ann, 12:03"),), code="k3f9")
ASKS = Notice(NoticeKind.REPLY, "Which one?", (Part("a, b"),), (Button("a", "deny a"),))
REFUSED = Notice(NoticeKind.TROUBLE, "✗ It is gone", (Part("the new one is below"),))


def inbound(receipt: str = "12", *, tapped: bool = False, user: str = "7001") -> Inbound:
    who = (user, "Ann", user)
    return Inbound("telegram", EventId("1"), *who, "x", tapped=tapped, receipt=receipt)


class Hall:
    def __init__(self) -> None:
        self.api, self.chat, self.memory = FakeApi(), FakeChat(), FakeMemory()
        places = Places(self.memory)
        sending = Sending(self.chat, places, self.memory, FakeClock(), "chat")
        self.courtesy = Courtesy(
            self.api, self.chat, sending, places, self.memory, ["7001"], COMMANDS
        )


async def test_strangers_get_one_command_and_the_owner_all_that_fit() -> None:
    hall = Hall()
    await hall.courtesy.greet(ME)
    assert [name for name, _ in hall.api.commands[None]] == ["start"]
    assert hall.api.commands[7001] == LISTED
    assert set(hall.api.commands) == {None, 7001}


@pytest.mark.parametrize(
    "refusal", [Rejected("chat not found"), RetryLater(300, "flood"), Unreachable("no line")]
)
async def test_a_menu_that_cannot_be_set_holds_up_nothing_and_comes_later(
    refusal: Rejected | RetryLater | Unreachable,
) -> None:
    hall = Hall()
    hall.api.refuses["set_commands"] = refusal
    await hall.courtesy.greet(ME)
    hall.api.refuses.clear()
    await hall.courtesy.receipt(inbound(), None)
    assert hall.api.commands[7001] == LISTED


async def test_somebody_who_was_paired_gets_the_menu_with_the_first_words() -> None:
    hall = Hall()
    await hall.courtesy.receipt(inbound(user="7009"), None)
    assert hall.api.commands[7009] == LISTED
    hall.api.commands.clear()
    await hall.courtesy.receipt(inbound(user="7009"), None)
    assert hall.api.commands == {}


@pytest.mark.parametrize(
    ("reply", "toast", "alert"),
    [
        (SETTLED, "✓ Session 'a' approved\nby Ann, 12:03", False),
        (ASKS, "Which one?", False),
        (REFUSED, "✗ It is gone", True),
        (None, "", False),
        (Notice(NoticeKind.REPLY, "😀" * 300), "😀" * 99 + "…", False),
    ],
)
async def test_a_tap_is_acknowledged(reply: Notice | None, toast: str, alert: bool) -> None:
    hall = Hall()
    await hall.courtesy.receipt(inbound("tap-1", tapped=True), reply)
    assert hall.chat.toasts == [("tap-1", toast, alert)]
    assert hall.chat.reactions == []


@pytest.mark.parametrize(("reply", "mark"), [(SETTLED, "👍"), (None, "👍"), (REFUSED, "👎")])
async def test_words_get_a_mark(reply: Notice | None, mark: str) -> None:
    hall = Hall()
    await hall.courtesy.receipt(inbound("12"), reply)
    assert hall.chat.reactions == [(7001, 12, mark)]
    assert hall.chat.toasts == []


@pytest.mark.parametrize("method", ["toast", "react"])
async def test_what_telegram_says_to_that_is_not_raised(method: str) -> None:
    hall = Hall()
    hall.chat.fails[method] = [Rejected("REACTION_INVALID")]
    await hall.courtesy.receipt(inbound("12", tapped=method == "toast"), None)


async def test_that_edits_are_not_read_is_said_once_and_to_no_stranger() -> None:
    hall = Hall()
    hall.chat.fails["send"] = [Unreachable("no line")]
    for user in ("7001", "7001", "7001", "666"):
        await hall.courtesy.edited(Ignored("edited", user, user, edited=True))
    assert len(hall.chat.texts) == 1
    assert hall.chat.sent[0][0] == 7001


async def test_who_was_paired_hears_it_as_well() -> None:
    hall = Hall()
    await hall.courtesy.receipt(replace(inbound("12"), user="7002", address="7002"), None)
    for user in ("7002", "7003"):
        await hall.courtesy.edited(Ignored("edited", user, user, edited=True))
    assert [chat for chat, _, _ in hall.chat.sent] == [7002]
