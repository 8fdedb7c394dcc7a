"""The methods about the bot itself, its updates, files, commands and topics."""

from __future__ import annotations

import re

from tests.support.botapi.chats import Chat, Look, Topic
from tests.support.botapi.errors import bad_request, conflict, misuse
from tests.support.botapi.methods import DOWNLOAD_LIMIT, Params
from tests.support.botapi.world import Webhook, World

_ICON_COLOR = 7322096
_RIGHTS = """
can_manage_chat can_delete_messages can_manage_video_chats can_restrict_members
can_promote_members can_change_info can_invite_users can_post_stories can_edit_stories
can_delete_stories can_send_welcome_messages can_pin_messages can_manage_topics
"""


def get_me(world: World, _: Params) -> object:
    return world.bot | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "has_topics_enabled": world.topics_in_private,
    }


async def get_updates(world: World, params: Params) -> object:
    limit, timeout = params.get("limit", 100), params.get("timeout", 0)
    if not 1 <= limit <= 100 or timeout < 0:
        raise misuse("getUpdates: limit or timeout out of range")
    if world.webhook.url:
        raise conflict(
            "can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first"
        )
    world.updates.allow(params.get("allowed_updates"))
    return await world.updates.fetch(params.get("offset", 0), limit, timeout)


def set_webhook(world: World, params: Params) -> object:
    url, secret = params["url"], params.get("secret_token", "")
    if url and not url.startswith("https://"):
        raise misuse("bad webhook: An HTTPS URL must be provided for webhook")
    if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
        raise misuse("secret token contains unallowed characters")
    world.updates.allow(params.get("allowed_updates"))
    _drop(world, params)
    world.webhook = Webhook(url, secret)
    world.updates.interrupt()
    return True


def delete_webhook(world: World, params: Params) -> object:
    _drop(world, params)
    world.webhook = Webhook()
    return True


def webhook_info(world: World, _: Params) -> object:
    hook = world.webhook
    told: Params = {
        "url": hook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates.waiting),
    }
    if hook.url:
        told["max_connections"] = 40
    if world.updates.allowed:
        told["allowed_updates"] = sorted(world.updates.allowed)
    if hook.error:
        told |= {"last_error_date": hook.error_at, "last_error_message": hook.error}
    return told


def _drop(world: World, params: Params) -> None:
    if params.get("drop_pending_updates"):
        world.updates.waiting.clear()


def get_file(world: World, params: Params) -> object:
    stored = world.file(params["file_id"])
    if stored.size > DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    return {
        "file_id": params["file_id"],
        "file_unique_id": f"u{stored.id}",
        "file_size": stored.size,
        "file_path": stored.path,
    }


def get_chat(world: World, params: Params) -> object:
    gifts = "unlimited_gifts limited_gifts unique_gifts premium_subscription gifts_from_channels"
    return world.chat(params["chat_id"]).as_json() | {
        "accent_color_id": 1,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts.split(), False),
    }


def get_chat_member(world: World, params: Params) -> object:
    chat = world.chat(params["chat_id"])
    if params["user_id"] != world.bot_id:
        raise misuse("getChatMember is played for the bot itself only")
    if not chat.hears_all:
        return {"status": "member", "user": world.bot}
    rights = dict.fromkeys(_RIGHTS.split(), True) | {"can_be_edited": False, "is_anonymous": False}
    return {"status": "administrator", "user": world.bot, **rights}


def set_commands(world: World, params: Params) -> object:
    if len(params["commands"]) > 100:
        raise misuse("BOT_COMMANDS_TOO_MUCH")
    for one in params["commands"]:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", one["command"]):
            raise misuse("BOT_COMMAND_INVALID")
        if not 1 <= len(one["description"]) <= 256:
            raise misuse("BOT_COMMAND_DESCRIPTION_INVALID")
    world.commands[_scope(world, params)] = params["commands"]
    return True


def get_commands(world: World, params: Params) -> object:
    return world.commands.get(_scope(world, params), [])


def delete_commands(world: World, params: Params) -> object:
    world.commands.pop(_scope(world, params), None)
    return True


def _scope(world: World, params: Params) -> str:
    scope = params.get("scope", {"type": "default"})
    name = str(scope["type"])
    if name in {"chat", "chat_administrators", "chat_member"}:
        name += f":{world.chat(scope['chat_id']).id}"
    if "user_id" in scope:
        name += f":{scope['user_id']}"
    language = params.get("language_code", "")
    return f"{name}/{language}" if language else name


def create_topic(world: World, params: Params) -> object:
    chat, name = world.chat(params["chat_id"]), params["name"]
    if not world.is_forum(chat):
        raise bad_request("the chat is not a forum")
    if not chat.private and not chat.hears_all:
        raise bad_request("not enough rights to create a topic")
    if not 1 <= len(name) <= 128:
        raise misuse("TOPIC_TITLE_INVALID")
    made = {"name": name, "icon_color": params.get("icon_color", _ICON_COLOR)}
    message = world.add_message(chat, world.bot, Look(""))
    message.service, message.thread = {"forum_topic_created": made}, message.id
    chat.topics[message.id] = Topic(name)
    return {"message_thread_id": message.id, **made}


def edit_topic(world: World, params: Params) -> object:
    topic = _topic(world, params)
    if params.get("name", topic.name) == topic.name:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.name = params["name"]
    return True


def close_topic(world: World, params: Params) -> object:
    return _close(world, params, True)


def reopen_topic(world: World, params: Params) -> object:
    return _close(world, params, False)


def delete_topic(world: World, params: Params) -> object:
    _topic(world, params)
    forget_topic(world.chats[params["chat_id"]], params["message_thread_id"])
    return True


def forget_topic(chat: Chat, thread: int) -> None:
    del chat.topics[thread]
    for message in [one for one in chat.messages if one.thread == thread]:
        chat.remove(message)


def _close(world: World, params: Params, closed: bool) -> bool:
    topic = _topic(world, params)
    if world.chat(params["chat_id"]).private:
        raise misuse("a topic of a private chat cannot be closed")
    if topic.closed == closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.closed = closed
    return True


def _topic(world: World, params: Params) -> Topic:
    chat = world.chat(params["chat_id"])
    if not world.is_forum(chat):
        raise bad_request("the chat is not a forum")
    return chat.topics[world.thread(chat, params["message_thread_id"])]
