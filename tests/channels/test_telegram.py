"""The channel against a strict Telegram on loopback: real requests, real errors."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

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

from bot.channels import ChannelContext, CommandHint
from bot.channels._telegram.faults import (
    ChatMoved,
    Contended,
    NotModified,
    ThreadGone,
    TokenInvalid,
    TooOld,
)
from bot.channels.telegram import CHANNEL, BotApi, Telegram, classify
from bot.core.decisions import Inbound, InboundFile
from bot.core.errors import WingmanError
from bot.core.ids import EventId
from bot.core.notices import Button, ButtonStyle, Notice, NoticeKind, Part, PartStyle
from bot.ports.channel import (
    Blocked,
    Channel,
    MessageGone,
    Rejected,
    RetryLater,
    Unreachable,
)
from bot.ports.webhook import Webhooked
from bot.settings import Settings, TelegramSettings
from tests.channels._telegram.rig import Desk, FakeMemory
from tests.support.botapi.server import FakeBotApi
from tests.support.chatlog import FakeChatLog
from tests.support.gateway import LoopClock

ANN = 7001
GROUP = -1001234567890
HINTS = (CommandHint("approve", "allow it once"), CommandHint("Not a name", "left out"))

CARD = Notice(
    NoticeKind.PROMPT,
    "🔒 Session 'a' needs approval",
    (Part("Bash"), Part("rm -rf build/ # 😀", PartStyle.CODE), Part("+ new", PartStyle.DIFF)),
    (
        Button("Approve", "approve k3f9", ButtonStyle.ALLOW),
        Button("Always…", "always k3f9"),
        Button("Deny", "deny k3f9", ButtonStyle.DENY),
    ),
    session="a",
    code="k3f9",
)
CLOSED = Notice(NoticeKind.CLOSED, "✓ Session 'a' approved (once)", session="a", code="k3f9")


class Hurry(LoopClock):
    """Real time, with pauses left out once ``hurry`` is set."""

    hurry = False

    async def sleep(self, seconds: float) -> None:
        await super().sleep(min(seconds, 0.01) if self.hurry else seconds)


class Rig:
    def __init__(self, api: FakeBotApi, **more: Any) -> None:
        self.api = api
        self.desk = Desk()
        self.memory = FakeMemory()
        self.clock = Hurry()
        given = {"token": api.token, "allowed_users": str(ANN), "api_base": api.base_url, **more}
        web = {"public_url": "https://wingman.example.org/"}
        settings = Settings(telegram=TelegramSettings(**given), web=web)  # type: ignore[arg-type]
        self.context = ChannelContext(
            settings, FakeChatLog(self.clock), self.clock, self.memory, HINTS
        )
        self.channel = Telegram(self.context, BotApi(api.token, api.base_url, slack=1), wait=2)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Rig]:
        async with asyncio.TaskGroup() as group:
            job = group.create_task(self.channel.run(self.desk.accept, self.desk.alarm))
            try:
                yield self
            finally:
                job.cancel()

    async def until(self, found: Any, within: float = 10) -> None:
        async with asyncio.timeout(within):
            while not found():
                await self.clock.sleep(0.01)


@pytest.fixture
async def api() -> AsyncIterator[FakeBotApi]:
    async with FakeBotApi().running() as api:
        api.person(ANN, "Ann")
        yield api
    assert api.misuse == []


@pytest.fixture
async def rig(api: FakeBotApi) -> AsyncIterator[Rig]:
    async with Rig(api).running() as rig:
        await rig.until(lambda: api.calls_of("getUpdates"))
        yield rig


def test_is_a_channel() -> None:
    rig = Rig(FakeBotApi())
    channel: Channel = rig.channel
    assert channel.id == "telegram"
    assert channel.allowed == {"7001": "7001"}
    assert (channel.pause("7001"), channel.pause(str(GROUP))) == (1.0, 3.0)
    assert isinstance(rig.channel, Webhooked)
    assert rig.channel.webhooks == ()


def test_is_built_only_with_a_token() -> None:
    rig = Rig(FakeBotApi())
    assert isinstance(CHANNEL.build(rig.context), Telegram)
    without = ChannelContext(Settings(), FakeChatLog(rig.clock), rig.clock, rig.memory)
    assert CHANNEL.build(without) is None


async def test_words_taps_and_replies_come_in(rig: Rig, api: FakeBotApi) -> None:
    ann = api.person(ANN, "Ann")
    reference = await rig.channel.send("7001", CARD)
    card = api.chat(ANN).last
    await ann.says("status")
    await ann.says("no, later", reply_to=card)
    await ann.taps(card, "Approve")
    await rig.until(lambda: len(rig.desk.taken) == 3)
    words, reply, tap = rig.desk.taken
    assert (words.text, words.user, words.name, words.address) == ("status", "7001", "Ann", "7001")
    assert (reply.text, reply.reply_to) == ("no, later", reference)
    assert (tap.text, tap.reply_to, tap.tapped) == ("approve k3f9", reference, True)


async def test_a_card_looks_as_it_should(rig: Rig, api: FakeBotApi) -> None:
    await rig.channel.send("7001", CARD)
    card = api.chat(ANN).last
    assert card.labels == ["Approve", "Always…", "Deny"]
    assert card.marked("bold") == ["🔒 Session 'a' needs approval"]
    assert card.marked("pre") == ["rm -rf build/ # 😀", "+ new"]
    (call,) = api.calls_of("sendMessage")
    assert call.params["link_preview_options"] == {"is_disabled": True}
    assert [e.get("language") for e in call.params["entities"]] == [None, None, "diff"]
    styles = [
        key.get("style") for row in call.params["reply_markup"]["inline_keyboard"] for key in row
    ]
    assert styles == ["success", None, "danger"]
    assert "disable_notification" not in call.params


async def test_a_card_is_edited_in_place(rig: Rig, api: FakeBotApi) -> None:
    reference = await rig.channel.send("7001", CARD)
    await rig.channel.edit("7001", reference, CLOSED)
    await rig.channel.edit("7001", reference, CLOSED)
    (card,) = api.chat(ANN).from_bot
    assert card.text == "✓ Session 'a' approved (once)"
    assert not card.buttons
    await api.person(ANN, "Ann").deletes(card)
    with pytest.raises(MessageGone):
        await rig.channel.edit("7001", reference, CARD)
    with pytest.raises(MessageGone):
        await rig.channel.edit("7001", "", CARD)


async def test_a_long_card_is_a_file_and_the_start_of_it(rig: Rig, api: FakeBotApi) -> None:
    body = "\n".join(f"+ line {number}" for number in range(3000))
    rig.clock.hurry = True
    notice = Notice(NoticeKind.PROMPT, "long", (Part(body, PartStyle.DIFF),), CARD.buttons)
    reference = await rig.channel.send("7001", notice)
    file, card = api.chat(ANN).from_bot
    assert reference == f"{file.id} {card.id}"
    assert file.file is not None
    assert file.file.upload.data.decode().endswith("+ line 2999\n")
    assert card.labels
    await rig.channel.edit("7001", reference, CLOSED)
    assert card.text == CLOSED.title


async def test_strangers_see_start_only_and_the_owner_all(rig: Rig, api: FakeBotApi) -> None:
    by_scope = api.world.commands
    assert [one["command"] for one in by_scope["default"]] == ["start"]
    assert [one["command"] for one in by_scope[f"chat:{ANN}"]] == ["approve"]


async def test_a_tap_gets_a_toast_and_a_message_a_mark(rig: Rig, api: FakeBotApi) -> None:
    ann = api.person(ANN, "Ann")
    await rig.channel.send("7001", CARD)
    tap = await ann.taps(api.chat(ANN).last, "Approve")
    said = await ann.says("status")
    await rig.until(lambda: len(rig.desk.taken) == 2)
    for inbound in rig.desk.taken:
        await rig.channel.receipt(inbound, Notice(NoticeKind.REPLY, "✓ done", code="k3f9"))
    assert await tap.answered() == "✓ done"
    (mark,) = api.calls_of("setMessageReaction")
    assert (mark.params["message_id"], mark.params["reaction"][0]["emoji"]) == (said.id, "👍")
    # Not a second time, and not for what is gone: no exception.
    for inbound in rig.desk.taken:
        await rig.channel.receipt(inbound, None)


async def test_a_file_is_fetched(rig: Rig, api: FakeBotApi) -> None:
    await api.person(ANN, "Ann").sends_document("notes.md", b"# notes", caption="read this")
    await rig.until(lambda: rig.desk.taken)
    (file,) = rig.desk.taken[0].files
    assert (file.name, file.size) == ("notes.md", 7)
    assert await rig.channel.fetch(file) == b"# notes"
    with pytest.raises(Rejected, match="20 MB"):
        await rig.channel.fetch(InboundFile("x", "big", 30_000_000, "text/plain"))
    with pytest.raises(Rejected):
        await rig.channel.fetch(InboundFile("no-such-file", "x", 1, "text/plain"))


async def test_an_edit_is_not_read_which_is_said_once(rig: Rig, api: FakeBotApi) -> None:
    ann = api.person(ANN, "Ann")
    said = await ann.says("status")
    await ann.edits(said, "approve k3f9")
    await ann.edits(said, "deny k3f9")
    await ann.says("pending")
    await rig.until(lambda: len(rig.desk.taken) == 2)
    assert rig.desk.texts == ["status", "pending"]
    assert [m.text for m in api.chat(ANN).from_bot] == [
        "Changes to a message are not read, and change nothing: send it anew."
    ]


# --- trouble ----------------------------------------------------------------------------------


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
    with pytest.raises(Unreachable):
        await rig.channel.send("7001", CARD)
    assert len(api.chat(ANN).from_bot) == 1


async def test_no_server_at_all() -> None:
    api = FakeBotApi(port=9)
    async with Rig(api).running() as rig:
        with pytest.raises(Unreachable):
            await rig.channel.send("7001", CARD)


async def test_a_chat_that_is_none(rig: Rig) -> None:
    with pytest.raises(Rejected):
        await rig.channel.send("somebody", CARD)


async def test_a_dead_connection_is_given_up_and_news_come(rig: Rig, api: FakeBotApi) -> None:
    """2 seconds of waiting and 1 of slack; in the product 50 and 10."""
    api.half_open()
    await api.person(ANN, "Ann").says("status")
    await rig.until(lambda: rig.desk.taken, within=30)


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


async def test_errors_do_not_hold_the_token() -> None:
    api = FakeBotApi()
    ours = BotApi(api.token, "http://127.0.0.1:9")
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


# --- layouts ----------------------------------------------------------------------------------


async def test_a_topic_for_each_session_of_a_group(api: FakeBotApi) -> None:
    group = api.group(GROUP, "Team", forum=True)
    rig = Rig(api, layout="forum", group=GROUP, group_approvals=True)
    assert rig.channel.allowed == {"7001": str(GROUP)}
    async with rig.running():
        await rig.channel.send(str(GROUP), CARD)
        await rig.channel.send(str(GROUP), CARD)
        assert [topic.name for topic in group.topics.values()] == ["a"]
        (thread,) = group.topics
        assert {message.thread for message in group.from_bot} == {thread}
        await api.person(ANN, "Ann").says("run the tests", to=group, thread=thread)
        await rig.until(lambda: rig.desk.taken)
        inbound = rig.desk.taken[0]
        assert (inbound.text, inbound.session, inbound.thread) == (
            "run the tests",
            "a",
            str(thread),
        )
        assert inbound.address == str(GROUP)
        assert not inbound.looks_only


async def test_a_topic_that_is_gone_is_the_chat_with_the_name(api: FakeBotApi) -> None:
    api.has_topics_enabled = True
    rig = Rig(api, layout="topics")
    chat = api.chat(ANN)
    note = Notice(NoticeKind.REPLY, "tests passed", session="a")
    async with rig.running():
        await rig.channel.send("7001", note)
        (thread,) = chat.topics
        api.forget_topic(chat, thread)
        await rig.channel.send("7001", note)
        gone, moved = [message for message in chat.from_bot if not message.thread]
        assert "topic of session 'a' is gone" in gone.text
        assert moved.text == "[a] tests passed"
        await rig.channel.send("7001", note)
        assert [topic.name for topic in chat.topics.values()] == ["a"]
        assert chat.last.text == "tests passed"


async def test_topics_that_are_off_are_one_chat_and_said_once(api: FakeBotApi) -> None:
    rig = Rig(api, layout="topics")
    note = Notice(NoticeKind.REPLY, "tests passed", session="a")
    async with rig.running():
        await rig.channel.send("7001", note)
        await rig.channel.send("7001", note)
    told, first, second = api.chat(ANN).from_bot
    assert "Threaded Mode" in told.text
    assert first.text == second.text == "[a] tests passed"
    assert len(api.calls_of("createForumTopic")) == 1


async def test_a_group_that_moved_keeps_its_address(api: FakeBotApi) -> None:
    old = api.group(-77, "Team", hears_all=True)
    rig = Rig(api)
    ann = api.person(ANN, "Ann")
    async with rig.running():
        new = api.migrate(old, GROUP)
        await rig.channel.send("-77", CARD)
        assert new.last.labels
        await ann.says(f"status @{api.bot_username}", to=new)
        await rig.until(lambda: rig.desk.taken)
    assert rig.desk.taken[0].address == "-77"
    assert rig.desk.taken[0].looks_only


# --- webhook ----------------------------------------------------------------------------------


async def test_a_webhook_brings_updates_with_its_secret(api: FakeBotApi) -> None:
    rig = Rig(api, mode="webhook")
    (hook,) = rig.channel.webhooks
    assert hook.path == "/telegram/webhook"
    assert await hook.handle({}, b"{}") == 503
    async with rig.running():
        await rig.until(lambda: api.world.webhook.url)
        assert api.world.webhook.url == "https://wingman.example.org/telegram/webhook"
        assert api.calls_of("getUpdates") == []
        secret = {"x-telegram-bot-api-secret-token": api.world.webhook.secret}
        body = b'{"update_id": 7, "message": {"message_id": 1, "text": "hi", "chat": {"id": 7001}'
        body += b', "from": {"id": 7001, "is_bot": false, "first_name": "Ann"}}}'
        assert await hook.handle(secret, body) == 200
        assert await hook.handle({}, body) == 403
    assert rig.desk.texts == ["hi"]


async def test_a_tap_that_is_not_known_any_more_harms_nobody(rig: Rig, api: FakeBotApi) -> None:
    late = Inbound(
        "telegram", EventId("1"), "7001", "Ann", "7001", "x", tapped=True, receipt="long gone"
    )
    await rig.channel.receipt(late, None)
    (call,) = api.calls_of("answerCallbackQuery")
    assert call.code == 400
