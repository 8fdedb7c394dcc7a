"""The channel against a strict Telegram on loopback: real requests, real answers."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.adapters.clock import SystemClock
from bot.channels import ChannelContext
from bot.channels._telegram.channel import Telegram
from bot.channels.telegram import CHANNEL, BotApi
from bot.core.decisions import Inbound, InboundFile
from bot.core.errors import WingmanError
from bot.core.ids import EventId
from bot.core.notices import Attachment, Notice, NoticeKind, Part, PartStyle
from bot.ports.channel import Channel, Gathering, MessageGone, Rejected
from bot.ports.webhook import Webhooked
from bot.settings import Settings
from tests.channels._telegram.phone import ANN, CARD, CLOSED, GROUP, Rig
from tests.support.botapi.server import FakeBotApi
from tests.support.chatlog import FakeChatLog
from tests.support.files import png


def test_is_a_channel() -> None:
    rig = Rig(FakeBotApi())
    channel: Channel = rig.channel
    assert channel.id == "telegram"
    assert channel.allowed == {"7001": "7001"}
    assert (channel.pause("7001"), channel.pause(str(GROUP))) == (1.0, 3.0)
    assert (channel.burst("7001"), channel.burst(str(GROUP))) == (10, 1)
    assert isinstance(rig.channel, Webhooked)
    assert rig.channel.webhooks == ()


def test_is_built_only_with_a_token() -> None:
    rig = Rig(FakeBotApi())
    assert isinstance(CHANNEL.build(rig.context), Telegram)
    without = ChannelContext(Settings(), FakeChatLog(rig.clock), rig.clock, rig.memory)
    assert CHANNEL.build(without) is None


async def test_a_probe_asks_who_the_bot_is_and_nothing_else(api: FakeBotApi) -> None:
    assert CHANNEL.probe is not None
    settings = Rig(api, layout="topics").context.settings
    found = await CHANNEL.probe(settings, SystemClock())
    assert found.name == f"@{api.bot_username}"
    assert found.link == f"https://t.me/{api.bot_username}?start={{code}}"
    assert len(found.remarks) == 1
    assert [call.method for call in api.calls] == ["getMe"]
    api.has_topics_enabled = True
    assert (await CHANNEL.probe(settings, SystemClock())).remarks == ()


async def test_a_probe_with_a_wrong_token_does_not_repeat_it(api: FakeBotApi) -> None:
    assert CHANNEL.probe is not None
    settings = Rig(api).context.settings
    api.revoke_token()
    with pytest.raises(WingmanError, match="does not take this token") as caught:
        await CHANNEL.probe(settings, SystemClock())
    assert api.token not in str(caught.value)


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
    assert card.labels == ["Approve", "Always…", "Deny", "📋 Copy the tmux command"]
    assert card.marked("bold") == ["🔒 Session 'a' needs approval"]
    assert card.marked("pre") == ["rm -rf build/ # 😀", "+ new"]
    (call,) = api.calls_of("sendMessage")
    assert call.params["link_preview_options"] == {"is_disabled": True}
    assert [e.get("language") for e in call.params["entities"]] == [None, None, "diff"]
    keys = [key for row in call.params["reply_markup"]["inline_keyboard"] for key in row]
    assert [key.get("style") for key in keys] == ["success", None, "danger", None]
    assert keys[-1]["copy_text"] == {"text": "tmux attach -t =a"}
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


async def test_a_picture_and_a_file_arrive(rig: Rig, api: FakeBotApi) -> None:
    shot = Attachment("a.png", "image/png", png(60, 30))
    changes = Attachment("a.diff", "text/x-diff", b"+ a")
    for file in (shot, changes):
        notice = Notice(NoticeKind.REPLY, "Look", buttons=CARD.buttons, attachments=(file,))
        reference = await rig.channel.send("7001", notice)
        message = api.chat(ANN).from_bot[-1]
        assert reference == str(message.id)
        assert message.file is not None
        assert message.file.upload.data == file.data
        assert message.text == "Look"
        assert message.labels
    assert [call.method for call in api.calls if call.method.startswith("send")] == [
        "sendPhoto",
        "sendDocument",
    ]


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


# --- layouts ----------------------------------------------------------------------------------


async def test_a_topic_for_each_session_of_a_group(api: FakeBotApi) -> None:
    group = api.group(GROUP, "Team", forum=True)
    rig = Rig(api, layout="forum", group=GROUP, group_approvals=True)
    assert rig.channel.allowed == {"7001": str(GROUP)}
    assert isinstance(rig.channel, Gathering)
    assert rig.channel.gathering == str(GROUP)
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


class Behind(SystemClock):
    def now(self) -> datetime:
        return super().now() - timedelta(hours=1)


async def test_an_answer_tells_how_far_our_clock_is_off(api: FakeBotApi) -> None:
    ours = BotApi(api.token, api.base_url, Behind())
    assert ours.ahead == timedelta()
    await ours.open()
    await ours.me()
    await ours.close()
    assert abs(ours.ahead - timedelta(hours=1)) < timedelta(seconds=10)
