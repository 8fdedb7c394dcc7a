"""The local phone as a channel."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.channels.local import REMEMBERED, LocalPhone, NotListening
from bot.core.decisions import Inbound, InboundFile
from bot.core.notices import Notice, NoticeKind
from bot.ports.channel import Channel, MessageGone, Rejected
from bot.ports.chatlog import ChatMessage
from tests.support.chatlog import FakeChatLog
from tests.support.gateway import Inbox, LoopClock

HELLO = Notice(NoticeKind.REPLY, "hello")
BYE = Notice(NoticeKind.CLOSED, "bye")


class Phone:
    def __init__(self) -> None:
        self.log = FakeChatLog(LoopClock())
        self.inbox = Inbox()
        self.channel = LocalPhone(self.log)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        async with asyncio.TaskGroup() as group:
            job = group.create_task(self.channel.run(self.inbox.accept, self.inbox.alarm))
            await LoopClock().sleep(0)
            yield
            job.cancel()

    def texts(self) -> list[str]:
        return [m.notice.title if m.notice else m.text for m in self.log.messages.values()]


async def test_is_a_channel_with_buttons_and_edits() -> None:
    channel: Channel = LocalPhone(FakeChatLog(LoopClock()))
    assert channel.id == "local"
    assert channel.capabilities.buttons
    assert channel.capabilities.edits
    assert channel.allowed == {"owner": "local"}


async def test_what_is_sent_is_in_the_log_and_can_be_changed() -> None:
    phone = Phone()
    reference = await phone.channel.send("local", HELLO)
    await phone.channel.edit("local", reference, BYE)
    assert phone.texts() == ["bye"]


@pytest.mark.parametrize("reference", ["7", "", "-1", "x", "²"])
async def test_an_unknown_message_cannot_be_changed(reference: str) -> None:
    with pytest.raises(MessageGone):
        await Phone().channel.edit("local", reference, BYE)


async def test_there_is_one_address_only() -> None:
    with pytest.raises(Rejected):
        await Phone().channel.send("somebody", HELLO)


async def test_words_are_accepted_as_the_owners_and_stand_in_the_log() -> None:
    phone = Phone()
    async with phone.listening():
        assert await phone.channel.submit("approve k3f9", 12, tapped=True, event="abcdefgh")
    inbound = phone.inbox.accepted[0]
    assert inbound == Inbound(
        "local", inbound.event, "owner", "local phone", "local", "approve k3f9", "12", True
    )
    assert phone.log.messages[1].mine
    assert phone.log.messages[1].reply_to == 12
    assert phone.channel.bubble_of("abcdefgh") == 1


async def test_the_same_event_counts_once_and_makes_one_bubble() -> None:
    phone = Phone()
    async with phone.listening(), asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(phone.channel.submit("deny k3f9", event="same-event"))
            for _ in range(5)
        ]
        await asyncio.wait(tasks)
    assert sorted(task.result() for task in tasks) == [False] * 4 + [True]
    assert phone.texts() == ["deny k3f9"]


async def test_it_needs_no_pauses_no_receipts_and_has_no_files() -> None:
    phone = Phone()
    assert phone.channel.pause("local") == 0
    assert phone.channel.burst("local") == 1
    async with phone.listening():
        await phone.channel.submit("ping")
    await phone.channel.receipt(phone.inbox.accepted[0], HELLO)
    assert phone.texts() == ["ping"]
    with pytest.raises(Rejected):
        await phone.channel.fetch(InboundFile("f", "a.txt", 1, "text/plain"))


async def test_without_an_event_each_message_is_its_own() -> None:
    phone = Phone()
    async with phone.listening():
        assert await phone.channel.submit("ping")
        assert await phone.channel.submit("ping")
    assert phone.texts() == ["ping", "ping"]


async def test_nothing_is_taken_before_and_after_the_gateway_listens() -> None:
    phone = Phone()
    with pytest.raises(NotListening):
        await phone.channel.submit("ping")
    async with phone.listening():
        pass
    with pytest.raises(NotListening):
        await phone.channel.submit("ping")
    assert phone.texts() == []


async def test_an_answer_never_stands_above_the_words_it_answers() -> None:
    phone = Phone()
    answered = asyncio.Event()

    class SlowInbox(Inbox):
        async def accept(self, inbound: Inbound) -> bool:
            answered.set()
            for _ in range(3):
                await LoopClock().sleep(0)
            return True

    phone.inbox = SlowInbox()
    async with phone.listening(), asyncio.TaskGroup() as group:
        group.create_task(phone.channel.submit("ping"))
        await answered.wait()
        await phone.channel.send("local", HELLO)
    assert phone.texts() == ["ping", "hello"]


async def take(phone: Phone, count: int, after: int = 0) -> list[ChatMessage]:
    taken: list[ChatMessage] = []
    async for message in phone.channel.subscribe(after):
        taken.append(message)
        if len(taken) == count:
            break
    return taken


async def test_a_subscriber_gets_history_then_news() -> None:
    phone = Phone()
    await phone.channel.send("local", HELLO)
    async with asyncio.TaskGroup() as group:
        taking = group.create_task(take(phone, 2))
        await LoopClock().sleep(0)
        await phone.channel.send("local", BYE)
    assert [m.revision for m in taking.result()] == [1, 2]


async def test_a_slow_subscriber_sees_only_the_last_form_of_a_message() -> None:
    phone = Phone()
    stream = phone.channel.subscribe()
    reference = await phone.channel.send("local", HELLO)
    assert (await anext(stream)).notice == HELLO
    for number in range(50):
        await phone.channel.edit("local", reference, Notice(NoticeKind.PROMPT, str(number)))
    await phone.channel.edit("local", reference, BYE)
    last = await anext(stream)
    assert (last.notice, last.revision) == (BYE, 52)
    await stream.aclose()


async def test_only_recent_events_are_remembered() -> None:
    phone = Phone()
    async with phone.listening():
        for number in range(REMEMBERED + 1):
            await phone.channel.submit("ping", event=f"event-{number}")
    assert phone.channel.bubble_of("event-0") is None
    assert phone.channel.bubble_of("event-1") == 2
