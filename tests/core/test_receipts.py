"""Which taps are answered by a toast alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.decisions import Inbound
from bot.core.ids import EventId
from bot.core.notices import Button, Notice, NoticeKind, Part
from bot.core.receipts import TOAST, says_enough, toast_of

TAP = Inbound(
    "telegram", EventId("1"), "7", "Ann", "7", "approve k3f9", tapped=True, receipt="query-1"
)
DONE = Notice(NoticeKind.REPLY, "✓ approved (once)", (Part("make"),), session="shop", code="k3f9")


def test_a_settled_prompt_needs_no_message() -> None:
    assert says_enough(TAP, DONE)
    assert toast_of(DONE) == "✓ approved (once)\nmake"


@pytest.mark.parametrize(
    "reply",
    [
        None,
        replace(DONE, kind=NoticeKind.TROUBLE),
        replace(DONE, buttons=(Button("Yes, grant that", "always k3f9 yes"),)),
        replace(DONE, parts=(Part("x" * TOAST),)),
        replace(DONE, code=""),
    ],
    ids=["no reply", "refused", "asks", "too long", "changes no card"],
)
def test_everything_else_is_a_message(reply: Notice | None) -> None:
    assert not says_enough(TAP, reply)


def test_typed_words_and_taps_that_take_no_toast_get_a_message() -> None:
    assert not says_enough(replace(TAP, tapped=False), DONE)
    assert not says_enough(replace(TAP, receipt=""), DONE)
