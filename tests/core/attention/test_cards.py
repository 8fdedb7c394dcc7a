"""Reminders and digests as a phone shows them."""

from __future__ import annotations

from datetime import timedelta

from bot.core.attention.cards import digest, reminder
from bot.core.ids import Code, SessionName
from bot.core.notices import Notice, NoticeKind, Urgency
from bot.core.records import Delivery, HeldRecord
from tests.support.ledger_rows import NOW, prompt_record

RECORD = prompt_record(code=Code("k3f9"), session=SessionName("shop"))


def held(title: str, code: str = "", urgency: Urgency = Urgency.DONE) -> HeldRecord:
    notice = Notice(NoticeKind.SIGNAL, title, code=code, silent=urgency is Urgency.PROGRESS)
    to = (title, "telegram", "1")
    return HeldRecord(*to, urgency, Delivery.MUST, notice, "", NOW, NOW, "quiet", "night")


def test_a_reminder_says_how_long_and_what_it_blocks() -> None:
    card = reminder(RECORD, RECORD.opened_at + timedelta(minutes=4), "Fix login\nand more")
    assert card.title == "⏳ Session 'shop' still waits (4 min)"
    assert card.parts[0].text == "It blocks: Fix login"
    assert card.buttons[-1].command == "snooze k3f9 30m"
    assert not reminder(RECORD, NOW).parts[0].text.startswith("It blocks")


def test_a_digest_lists_them() -> None:
    told = digest([held("x", "k3f9", Urgency.APPROVAL), held("✅ Agent `a` completed")], [RECORD])
    assert told.notice.title == "📥 1 more waiting · 1 more told"
    assert told.urgency is Urgency.APPROVAL
    assert told.notice.parts[0].text == "k3f9 · shop · rm -rf build"
    assert told.notice.parts[1].text == "✅ Agent `a` completed"
    commands = [button.command for button in told.notice.buttons]
    assert commands == ["status shop", "pending"]


def test_a_long_one_fits_a_phone() -> None:
    told = digest([held(str(n), "c", Urgency.APPROVAL) for n in range(300)], [RECORD] * 300)
    lines = told.notice.parts[0].text.splitlines()
    assert (len(lines), lines[-1]) == (13, "… and 288 more")
    assert len(told.notice.buttons) == 4


def test_progress_alone_does_not_ring() -> None:
    assert digest([held("50 %", urgency=Urgency.PROGRESS)], []).notice.silent
    assert not digest([held("done")], []).notice.silent
