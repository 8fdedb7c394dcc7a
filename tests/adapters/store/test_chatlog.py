"""The local phone's messages in the ledger."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.adapters.store.chatlog import SqlChatLog
from bot.core.notices import Button, Notice, NoticeKind
from bot.ports.chatlog import ChatMessage
from tests.support.clock import START, FakeClock
from tests.support.stores import temporary_store

ASKED = Notice(NoticeKind.PROMPT, "api asks", buttons=(Button("Allow", "approve k3f9"),))
CLOSED = Notice(NoticeKind.CLOSED, "Approved \x00 \ud800")


@pytest.fixture
async def log(tmp_path: Path) -> AsyncIterator[SqlChatLog]:
    async with temporary_store(tmp_path) as store:
        yield SqlChatLog(store, FakeClock())


async def test_messages_are_numbered_as_they_come(log: SqlChatLog) -> None:
    asked = await log.append("", ASKED, mine=False)
    answered = await log.append("approve", None, mine=True, reply_to=asked.id)
    assert asked == ChatMessage(1, 1, START, False, "", ASKED)
    assert answered == ChatMessage(2, 2, START, True, "approve", None, reply_to=1)
    assert await log.since(0) == (asked, answered)
    assert await log.since(1) == (answered,)
    assert await log.since(2) == ()


async def test_a_changed_message_comes_last(log: SqlChatLog) -> None:
    asked = await log.append("", ASKED, mine=False)
    other = await log.append("hello", None, mine=True)
    changed = await log.replace(asked.id, CLOSED)
    assert changed == ChatMessage(1, 3, START, False, "", CLOSED)
    assert await log.since(0) == (other, changed)
    assert await log.since(2) == (changed,)


async def test_a_message_that_is_not_there_cannot_change(log: SqlChatLog) -> None:
    assert await log.replace(7, CLOSED) is None
    assert (await log.append("first", None, mine=True)).revision == 1


async def test_only_the_newest_are_given(log: SqlChatLog) -> None:
    for number in range(5):
        await log.append(str(number), None, mine=True)
    assert [message.text for message in await log.since(1, limit=2)] == ["3", "4"]


async def test_old_ones_are_pruned_and_their_numbers_are_not_given_again(log: SqlChatLog) -> None:
    first = await log.append("", ASKED, mine=False)
    await log.append("second", None, mine=True)
    last = await log.append("third", None, mine=True)
    changed = await log.replace(first.id, CLOSED)
    assert await log.prune(START) == 0
    assert await log.prune(START + timedelta(seconds=1)) == 1
    assert await log.since(0) == (last, changed)
    new = await log.append("fourth", None, mine=True)
    assert (new.id, new.revision) == (4, 5)


async def test_outlives_the_program(tmp_path: Path) -> None:
    async with temporary_store(tmp_path) as store:
        message = await SqlChatLog(store, FakeClock()).append("hello", ASKED, mine=True)
    async with temporary_store(tmp_path) as store:
        assert await SqlChatLog(store, FakeClock()).since(0) == (message,)
