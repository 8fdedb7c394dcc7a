"""What Telegram, or the line to it, does wrong; each kind has its own end."""

from __future__ import annotations

from dataclasses import replace

import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
    TimedOut,
)

from bot.adapters.clock import SystemClock
from bot.channels._telegram.faults import (
    ChatMoved,
    Contended,
    NotModified,
    ThreadGone,
    TokenInvalid,
    TooOld,
)
from bot.channels._telegram.receiving import WAIT
from bot.channels.telegram import PATIENCE, SLACK, BotApi, classify
from bot.core.errors import WingmanError
from bot.core.notices import Attachment, Notice, NoticeKind
from bot.ports.channel import Blocked, MessageGone, Offline, Rejected, RetryLater, Unreachable
from tests.channels._telegram.phone import ANN, CARD, CLOSED, Rig
from tests.support.botapi.server import FakeBotApi

REPLY = Notice(NoticeKind.REPLY, "Look", session="a")


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        (400, "Bad Request: message is too long", Rejected),
        (400, "Bad Request: chat not found", Blocked),
        (403, "Forbidden: bot was blocked by the user", Blocked),
        (403, "Forbidden: bot can't initiate conversation with a user", Blocked),
        (500, "Internal Server Error", Unreachable),
        (413, "Request Entity Too Large", Rejected),
        (401, "Unauthorized", RetryLater),
    ],
)
async def test_refusals_are_ours(
    rig: Rig, api: FakeBotApi, code: int, text: str, expected: type[Exception]
) -> None:
    api.fail("sendMessage", code, text)
    with pytest.raises(expected) as caught:
        await rig.channel.send("7001", CARD)
    assert type(caught.value) is expected
    assert await rig.channel.send("7001", CARD)


async def test_flood_control_is_obeyed_with_some_room(rig: Rig, api: FakeBotApi) -> None:
    api.fail("sendMessage", 429, retry_after=7)
    with pytest.raises(RetryLater) as caught:
        await rig.channel.send("7001", CARD)
    assert caught.value.after == 7.5


async def test_a_page_of_a_proxy_is_an_outcome_unknown(rig: Rig, api: FakeBotApi) -> None:
    for status in (502, 200):
        api.faults.html_5xx("sendMessage", status)
        with pytest.raises(Unreachable):
            await rig.channel.send("7001", CARD)


async def test_a_line_that_breaks_is_an_outcome_unknown(rig: Rig, api: FakeBotApi) -> None:
    api.faults.hang_up_after_accepting("sendMessage")
    with pytest.raises(Unreachable) as caught:
        await rig.channel.send("7001", CARD)
    assert not isinstance(caught.value, Offline)
    assert len(api.chat(ANN).from_bot) == 1


@pytest.mark.parametrize(
    ("result", "known_by"),
    [({"message_id": 4711, "date": "soon"}, "4711"), ({"date": 1}, "0"), (True, "0")],
)
async def test_what_was_taken_is_sent_whatever_the_answer_looks_like(
    rig: Rig, api: FakeBotApi, result: object, known_by: str
) -> None:
    """Else it is sent again, to somebody who has it already."""
    api.faults.odd_answer("sendMessage", result)
    assert await rig.channel.send("7001", CARD) == known_by
    api.faults.odd_answer("sendDocument", result)
    file = Attachment("a.diff", "text/x-diff", b"+ a")
    assert await rig.channel.send("7001", replace(REPLY, attachments=(file,))) == known_by
    assert len(api.chat(ANN).from_bot) == 2


async def test_a_change_that_was_taken_is_done_whatever_the_answer_looks_like(
    rig: Rig, api: FakeBotApi
) -> None:
    card = await rig.channel.send("7001", CARD)
    api.faults.odd_answer("editMessageText", {"date": "soon"})
    await rig.channel.edit("7001", card, CLOSED)
    assert api.chat(ANN).last.text == CLOSED.title


async def test_a_topic_of_which_no_number_is_known_is_not_opened_again(api: FakeBotApi) -> None:
    api.has_topics_enabled = True
    rig = Rig(api, layout="topics")
    api.faults.odd_answer("createForumTopic", {"name": "a"})
    async with rig.running():
        await rig.channel.send("7001", CARD)
        await rig.channel.send("7001", CARD)
    assert len(api.calls_of("createForumTopic")) == 1
    assert len(api.calls_of("sendMessage")) == 3


async def test_no_server_at_all() -> None:
    api = FakeBotApi(port=9)
    async with Rig(api).running() as rig:
        with pytest.raises(Offline):
            await rig.channel.send("7001", CARD)


async def test_a_chat_that_is_none(rig: Rig) -> None:
    with pytest.raises(Rejected):
        await rig.channel.send("somebody", CARD)


async def test_a_dead_connection_is_given_up_and_news_come(rig: Rig, api: FakeBotApi) -> None:
    """2 seconds of waiting and 1 of slack; in the product 50 and 10."""
    api.half_open()
    await api.person(ANN, "Ann").says("status")
    await rig.until(lambda: rig.desk.taken, within=30)


def test_a_dead_connection_is_given_up_within_90_seconds() -> None:
    assert WAIT + 2 * SLACK <= 90
    assert PATIENCE <= 90


async def test_a_second_poller_is_told(rig: Rig, api: FakeBotApi) -> None:
    api.conflict()
    await rig.until(lambda: rig.desk.raised)
    assert rig.desk.raised == ["contended"]


async def test_a_revoked_token_is_told_without_it(api: FakeBotApi) -> None:
    api.revoke_token()
    async with Rig(api).running() as rig:
        await rig.until(lambda: rig.desk.raised)
    assert rig.desk.raised == ["token"]
    assert api.token not in str(rig.desk.alarms)


async def test_what_telegram_says_is_told_without_the_token(rig: Rig, api: FakeBotApi) -> None:
    api.fail("sendMessage", 400, f"Bad Request: no such path /bot{api.token}/x")
    with pytest.raises(Rejected) as caught:
        await rig.channel.send("7001", CARD)
    assert str(caught.value) == "No such path /bot***/x"


async def test_errors_do_not_hold_the_token() -> None:
    api = FakeBotApi()
    ours = BotApi(api.token, "http://127.0.0.1:9", SystemClock())
    for call in (ours.me(), ours.updates(None, 1), ours.download("x")):
        with pytest.raises(WingmanError) as caught:
            await call
        assert api.token not in repr(caught.value)
        assert caught.value.__cause__ is None
        assert caught.value.__suppress_context__
    await ours.close()
    said = classify(InvalidToken(f"The token `{api.token}` was rejected"), "***")
    assert api.token not in str(said)


async def test_updates_that_are_no_list_are_none(rig: Rig, api: FakeBotApi) -> None:
    api.world.updates.push({"message": {"text": 5}})
    api.world.updates.push({"never_heard_of": {}})
    await api.person(ANN, "Ann").says("status")
    await rig.until(lambda: rig.desk.taken)
    assert rig.desk.texts == ["status"]
    assert "quarantine" in rig.memory.kept


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (TimedOut(), Unreachable),
        (NetworkError("Bad Gateway"), Unreachable),
        (TelegramError("Invalid server response"), Unreachable),
        (BadRequest("message is not modified: specified new message content"), NotModified),
        (BadRequest("message to edit not found"), MessageGone),
        (BadRequest("message can't be edited"), MessageGone),
        (BadRequest("Query is too old and response timeout expired"), TooOld),
        (BadRequest("message thread not found"), ThreadGone),
        (BadRequest("the chat is not a forum"), ThreadGone),
        (BadRequest("chat not found"), Blocked),
        (BadRequest("can't parse entities"), Rejected),
        (Forbidden("bot was kicked from the group chat"), Blocked),
        (ChatMigrated(-1005), ChatMoved),
        (Conflict("terminated by other getUpdates request"), Contended),
        (InvalidToken(), TokenInvalid),
        (EndPointNotFound("x"), TokenInvalid),
    ],
)
def test_errors_by_kind(error: TelegramError, expected: type[Exception]) -> None:
    assert type(classify(error, str(error))) is expected
