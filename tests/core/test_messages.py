"""What a row of the outbox is to those who get it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.messages import can_wait, is_new, refreshes
from bot.core.notices import NoticeKind
from bot.core.records import Delivery, OutboxRecord
from tests.support.ledger_rows import outbox_record


def row(kind: NoticeKind, delivery: Delivery, *, live: bool = False) -> OutboxRecord:
    made = outbox_record()
    return replace(made, delivery=delivery, notice=replace(made.notice, kind=kind, live=live))


@pytest.mark.parametrize("kind", [NoticeKind.PROMPT, NoticeKind.SIGNAL, NoticeKind.STATE])
def test_what_must_arrive_and_changes_nothing_is_new(kind: NoticeKind) -> None:
    assert is_new(row(kind, Delivery.MUST))
    assert not is_new(row(kind, Delivery.LATEST))


@pytest.mark.parametrize("kind", [NoticeKind.CLOSED, NoticeKind.PROGRESS, NoticeKind.REMINDER])
def test_what_changes_a_message_is_not_new(kind: NoticeKind) -> None:
    assert not is_new(row(kind, Delivery.MUST))


def test_only_the_latest_of_something_can_wait() -> None:
    assert can_wait(row(NoticeKind.STATE, Delivery.LATEST))
    assert not can_wait(row(NoticeKind.STATE, Delivery.MUST))


def test_a_message_that_is_kept_up_to_date_is_refreshed() -> None:
    assert refreshes(row(NoticeKind.STATE, Delivery.LATEST, live=True))
    assert not refreshes(row(NoticeKind.STATE, Delivery.LATEST))
    assert not refreshes(row(NoticeKind.STATE, Delivery.MUST, live=True))
