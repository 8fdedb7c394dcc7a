"""The right chat, the right topic, each part once."""

import asyncio
from dataclasses import replace

import pytest

from bot.channels._telegram.faults import ChatMoved, NotModified, ThreadGone, TokenInvalid
from bot.channels._telegram.places import Places
from bot.channels._telegram.sending import Layout, Sending, burst, pause
from bot.core.errors import WingmanError
from bot.core.notices import Notice, NoticeKind, Part, PartStyle
from bot.ports.channel import Blocked, MessageGone, Rejected, RetryLater, Unreachable
from tests.channels._telegram.rig import FakeChat, FakeMemory
from tests.support.virtual import VirtualClock, virtual

CARD = Notice(NoticeKind.PROMPT, "🔒 Session 'api' needs approval", session="api")
NOTE = Notice(NoticeKind.REPLY, "the tests passed", session="api")
LONG = Notice(
    NoticeKind.PROMPT, "long", (Part("".join(f"{n}\n" for n in range(2200)), PartStyle.CODE),)
)
FORUM = "-1001234567890"


class Desk:
    def __init__(self, layout: Layout = "chat", **fails: list[WingmanError | None]) -> None:
        self.chat, self.memory, self.clock = FakeChat(fails=fails), FakeMemory(), VirtualClock()
        self.places = Places(self.memory)
        self.sending = self.again(layout)

    def again(self, layout: Layout) -> Sending:
        return Sending(self.chat, Places(self.memory), self.memory, self.clock, layout)

    @property
    def threads(self) -> list[int | None]:
        return [thread for _, thread, _ in self.chat.sent]


def test_groups_are_slower() -> None:
    assert (pause("7001"), pause("-77")) == (1.0, 3.0)
    assert (burst("7001"), burst("-77")) == (10, 1)


@virtual
async def test_parts_keep_the_pace_and_the_last_one_is_the_card() -> None:
    desk = Desk()
    assert await desk.sending.send(FORUM, LONG) == "101 102 103"
    assert desk.clock.monotonic() == pytest.approx(6)
    await desk.sending.edit(FORUM, "101 102 103", CARD)
    assert [(chat, ref) for chat, ref, _ in desk.chat.edited] == [(int(FORUM), 103)]


@virtual
@pytest.mark.parametrize("broken", [Unreachable("no line"), RetryLater(3, "flood")])
async def test_a_notice_goes_on_where_it_broke_off(broken: WingmanError) -> None:
    desk = Desk(send=[None, broken])
    with pytest.raises(type(broken)):
        await desk.sending.send("7001", LONG)
    assert await desk.sending.send("7001", LONG) == "101 102 103"
    assert len({text[:20] for text in desk.chat.texts}) == 3
    assert await desk.sending.send("7001", LONG) == "104 105 106"


@virtual
async def test_an_answer_names_its_question_where_it_does_not_stand_below_it() -> None:
    desk = Desk()
    for address, said in (("7001", "50"), ("7001", "101"), ("7001", "102"), (FORUM, "900")):
        await desk.sending.send(address, replace(CARD, answers=said))
    await desk.sending.send("7001", replace(CARD, answers="whatsapp-7"))
    assert [message.answers for _, _, message in desk.chat.sent] == [0, 0, 0, 900, 0]
    await desk.sending.send("7001", replace(LONG, answers="103"))
    assert [message.answers for _, _, message in desk.chat.sent[5:]] == [103, 0, 0]


@virtual
async def test_what_was_refused_begins_anew() -> None:
    desk = Desk(send=[None, Blocked("bot was blocked")])
    with pytest.raises(Blocked):
        await desk.sending.send("7001", LONG)
    assert await desk.sending.send("7001", LONG) == "102 103 104"


@virtual
async def test_an_edit_that_changes_nothing_is_done() -> None:
    desk = Desk(edit=[NotModified("x"), MessageGone("x"), ThreadGone("x")])
    await desk.sending.edit("7001", "5", CARD)
    for _ in range(2):
        with pytest.raises(Rejected):
            await desk.sending.edit("7001", "5", CARD)


@virtual
@pytest.mark.parametrize("reference", ["", "x", "-5", "²", "1 x"])
async def test_a_reference_that_is_none(reference: str) -> None:
    with pytest.raises(MessageGone):
        await Desk().sending.edit("7001", reference, CARD)


@virtual
async def test_without_a_good_token_messages_wait() -> None:
    desk = Desk(send=[TokenInvalid("Unauthorized")])
    with pytest.raises(RetryLater) as caught:
        await desk.sending.send("7001", CARD)
    assert caught.value.after >= 60


@virtual
async def test_a_group_that_moved_gets_it_at_once_and_from_then_on() -> None:
    desk = Desk(send=[ChatMoved(-1005)])
    await desk.sending.send("-77", CARD)
    await desk.again("chat").send("-77", CARD)
    assert [chat for chat, _, _ in desk.chat.sent] == [-1005, -1005]


@virtual
async def test_a_group_that_moves_in_circles_is_given_up() -> None:
    desk = Desk(send=[ChatMoved(-1005), ChatMoved(-77)])
    with pytest.raises(Rejected):
        await desk.sending.send("-77", CARD)


@virtual
async def test_one_chat_has_no_topics() -> None:
    desk = Desk("chat")
    await desk.sending.send("7001", NOTE)
    assert desk.chat.topics == []
    assert desk.chat.texts == ["the tests passed"]


@virtual
@pytest.mark.parametrize(
    ("layout", "address", "other"), [("forum", FORUM, "7001"), ("topics", "7001", FORUM)]
)
async def test_a_topic_is_opened_once_even_by_two_at_a_time(
    layout: Layout, address: str, other: str
) -> None:
    desk = Desk(layout)
    async with asyncio.TaskGroup() as group:
        for notice in (CARD, NOTE):
            group.create_task(desk.sending.send(address, notice))
    await desk.again(layout).send(address, NOTE)
    assert desk.chat.topics == [(int(address), "api")]
    assert desk.threads == [10, 10, 10]
    assert desk.chat.texts[-1] == "the tests passed"
    await desk.sending.send(other, NOTE)
    await desk.sending.send(address, Notice(NoticeKind.REPLY, "pong"))
    assert desk.threads[3:] == [None, None]


@virtual
async def test_the_sessions_name_stands_where_no_topic_gives_it() -> None:
    desk = Desk("topics", send=[None, ThreadGone("message thread not found")])
    await desk.sending.send("7001", NOTE)
    await desk.sending.send("7001", NOTE)
    await desk.sending.edit("7001", "103", NOTE)
    told, moved = desk.chat.sent[1:]
    assert "topic of session 'api' is gone" in told[2].text
    assert (moved[1], moved[2].text) == (None, "[api] the tests passed")
    assert desk.chat.edited[0][2].text == "[api] the tests passed"
    await desk.sending.send("7001", CARD)
    assert desk.threads[-1] == 20


@virtual
async def test_a_name_is_not_said_twice_nor_taken_for_a_part_of_a_word() -> None:
    desk = Desk("topics", open_topic=[ThreadGone("the chat is not a forum")])
    await desk.sending.send("7001", CARD)
    await desk.sending.send("7001", Notice(NoticeKind.REPLY, "rapid api-2", session="api"))
    assert desk.chat.texts[1:] == ["🔒 Session 'api' needs approval", "[api] rapid api-2"]


@virtual
async def test_topics_that_are_off_are_told_once_and_tried_again_later() -> None:
    off: list[WingmanError | None] = [ThreadGone("the chat is not a forum")]
    desk = Desk("topics", open_topic=off * 2)
    for _ in range(3):
        await desk.sending.send("7001", CARD)
    assert len([text for text in desk.chat.texts if "Threaded Mode" in text]) == 1
    await desk.clock.sleep(601)
    await desk.sending.send("7001", CARD)
    await desk.clock.sleep(601)
    await desk.sending.send("7001", CARD)
    assert len([text for text in desk.chat.texts if "Threaded Mode" in text]) == 1
    assert desk.threads[-1] == 10


@virtual
async def test_a_topic_that_could_not_be_opened_for_now_is_tried_with_the_next_attempt() -> None:
    desk = Desk("topics", open_topic=[RetryLater(5, "flood")])
    with pytest.raises(RetryLater):
        await desk.sending.send("7001", CARD)
    await desk.sending.send("7001", CARD)
    assert desk.threads == [10]
