"""Cards are changed where they stand, and never say more than is so."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.approvals import PromptState
from bot.core.cards import subject_of
from bot.core.notices import NoticeKind
from bot.ports.channel import Offline, RetryLater, Unreachable
from tests.support.post import ANN, at_work, settle, two_people
from tests.support.virtual import virtual


@virtual
async def test_a_settled_prompt_changes_the_card_that_is_there(tmp_path: Path) -> None:
    phone = two_people()
    async with at_work(tmp_path, phone) as post:
        await settle(post, PromptState.OPEN)
        await post.queue("asks", kind=NoticeKind.PROMPT, topic="prompt:p1")
        await post.waits(1)
        await settle(post, PromptState.GONE)
        await post.queue("gone", kind=NoticeKind.CLOSED, topic="prompt:p1")
        await post.waits(1)
    assert phone.titles() == ["gone"]
    assert phone.bubbles[0].edits == 1


@virtual
async def test_a_channel_that_cannot_edit_gets_one_short_message(tmp_path: Path) -> None:
    phone = two_people(edits=False)
    async with at_work(tmp_path, phone) as post:
        await settle(post, PromptState.OPEN)
        await post.queue("asks", kind=NoticeKind.PROMPT, topic="prompt:p1")
        await post.waits(1)
        await post.queue("gone", kind=NoticeKind.CLOSED, topic="prompt:p1")
        await post.waits(1)
    assert phone.titles() == ["asks", "gone"]


@virtual
async def test_a_card_whose_message_was_deleted_is_sent_anew(tmp_path: Path) -> None:
    phone = two_people()
    async with at_work(tmp_path, phone) as post:
        await settle(post, PromptState.OPEN)
        await post.queue("asks", kind=NoticeKind.PROMPT, topic="prompt:p1")
        await post.waits(1)
        phone.bubbles.clear()
        await post.queue("gone", kind=NoticeKind.CLOSED, topic="prompt:p1")
        await post.waits(1)
    assert phone.titles() == ["gone"]


@virtual
async def test_a_card_that_nobody_was_sent_needs_no_closing(tmp_path: Path) -> None:
    phone = two_people()
    async with at_work(tmp_path, phone) as post:
        await post.queue("gone", kind=NoticeKind.CLOSED, topic="prompt:p1")
        await post.waits(1)
        assert await post.rows() == []
    assert phone.tries == 0


@virtual
async def test_a_card_that_comes_too_late_is_not_sent(tmp_path: Path) -> None:
    """The phone was away for an hour, and the prompt was answered at the terminal meanwhile."""
    phone = two_people()
    phone.fails_at[ANN] = [RetryLater(3600, "away")]
    async with at_work(tmp_path, phone) as post:
        await settle(post, PromptState.OPEN)
        await post.queue("asks", kind=NoticeKind.PROMPT, topic="prompt:p1")
        await post.waits(1)
        await settle(post, PromptState.ANSWERED_LOCALLY)
        await post.queue("answered", kind=NoticeKind.CLOSED, topic="prompt:p1")
        await post.waits(4000)
        assert await post.rows() == []
    assert phone.titles() == []


@virtual
@pytest.mark.parametrize(
    ("failure", "shown"),
    [(Unreachable("no answer"), ["answered"]), (Offline("no network"), [])],
)
async def test_a_card_that_may_have_come_is_followed_by_how_it_ended(
    tmp_path: Path, failure: Unreachable, shown: list[str]
) -> None:
    """Its message cannot be changed: nobody knows which one it is."""
    phone = two_people()
    phone.fails_at[ANN] = [failure]
    async with at_work(tmp_path, phone) as post:
        await settle(post, PromptState.OPEN)
        await post.queue("asks", kind=NoticeKind.PROMPT, topic="prompt:p1")
        await post.waits(0.5)
        await settle(post, PromptState.ANSWERED_LOCALLY)
        await post.queue("answered", kind=NoticeKind.CLOSED, topic="prompt:p1")
        await post.waits(60)
        assert await post.rows() == []
    assert phone.titles() == shown


@virtual
async def test_closing_changes_the_reminder_too(tmp_path: Path) -> None:
    phone = two_people()
    async with at_work(tmp_path, phone) as post:
        await settle(post, PromptState.OPEN)
        for kind in (NoticeKind.PROMPT, NoticeKind.REMINDER):
            await post.queue(kind.value, kind=kind, topic="prompt:p1")
            await post.waits(1)
        await post.queue("gone", kind=NoticeKind.CLOSED, topic="prompt:p1")
        await post.waits(1)
    assert phone.titles() == ["gone", "gone"]


@virtual
async def test_closing_changes_the_card_and_not_what_stands_above_it(tmp_path: Path) -> None:
    phone = two_people()
    phone.split = 3
    async with at_work(tmp_path, phone) as post:
        await settle(post, PromptState.OPEN)
        await post.queue("asks", kind=NoticeKind.PROMPT, topic="prompt:p1")
        await post.waits(1)
        tries = phone.tries
        await post.queue("gone", kind=NoticeKind.CLOSED, topic="prompt:p1")
        await post.waits(1)
        assert phone.tries == tries + 1
        assert phone.titles() == ["gone"]
        async with post.store.snapshot() as tx:
            (bubble,) = phone.bubbles
            above = await tx.cards.by_message("fake", ANN, bubble.parts[0])
            assert above is not None
            assert subject_of(above.topic) == ("prompt", "p1")


@pytest.mark.parametrize("kind", [NoticeKind.STATE, NoticeKind.REPLY, NoticeKind.SIGNAL])
@virtual
async def test_only_cards_are_changed_where_they_stand(tmp_path: Path, kind: NoticeKind) -> None:
    phone = two_people()
    async with at_work(tmp_path, phone) as post:
        for title in ("one", "two"):
            await post.queue(title, kind=kind, topic="session:shop")
            await post.waits(1)
    assert phone.titles() == ["one", "two"]
