"""What weighs how much."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.core.attention.pages import Weight, page_of
from bot.core.notices import Notice, NoticeKind, Urgency

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "urgency", "failure", "weight"),
    [
        (NoticeKind.PROMPT, Urgency.APPROVAL, False, Weight.APPROVAL),
        (NoticeKind.PROMPT, Urgency.HELP, False, Weight.APPROVAL),
        (NoticeKind.REMINDER, Urgency.HELP, False, Weight.APPROVAL),
        (NoticeKind.TROUBLE, Urgency.HELP, False, Weight.FAILURE),
        (NoticeKind.SIGNAL, Urgency.HELP, True, Weight.FAILURE),
        (NoticeKind.SIGNAL, Urgency.HELP, False, Weight.HELP),
        (NoticeKind.STATE, Urgency.HELP, False, Weight.HELP),
        (NoticeKind.SIGNAL, Urgency.DONE, False, Weight.DONE),
        (NoticeKind.SIGNAL, Urgency.PROGRESS, False, Weight.CHATTER),
    ],
)
def test_by_kind_and_urgency(
    kind: NoticeKind, urgency: Urgency, failure: bool, weight: Weight
) -> None:
    page = page_of(Notice(kind, "x", session="shop", failure=failure), urgency, NOON)
    assert page is not None
    assert (page.weight, page.session, page.since) == (weight, "shop", NOON)
    assert page.reminds is (kind is NoticeKind.REMINDER)


@pytest.mark.parametrize("kind", [NoticeKind.REPLY, NoticeKind.CLOSED])
def test_answers_and_endings_are_no_pages(kind: NoticeKind) -> None:
    assert page_of(Notice(kind, "x"), Urgency.APPROVAL, NOON) is None
