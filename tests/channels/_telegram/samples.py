"""Updates as the Bot API sends them, made for these tests."""

from __future__ import annotations

from typing import Any

from bot.channels._telegram.updates import Me

ANN, BOB = 7001, 7002
GROUP = -1001234567890
ME = Me(424242, "wingman_test_bot")

Json = dict[str, Any]


def person(id_: int = ANN, **more: Any) -> Json:
    return {"id": id_, "is_bot": False, "first_name": "Ann", "last_name": "Lee", **more}


def private(id_: int = ANN) -> Json:
    return {"id": id_, "type": "private", "first_name": "Ann"}


def group(id_: int = GROUP) -> Json:
    return {"id": id_, "type": "supergroup", "title": "Team", "is_forum": True}


def ours(message_id: int = 77, **more: Any) -> Json:
    bot = {"id": ME.id, "is_bot": True, "first_name": "Wingman", "username": ME.username}
    return {"message_id": message_id, "date": 1767268800, "chat": private(), "from": bot, **more}


def message(text: str | None = "status", **more: Any) -> Json:
    said = {"message_id": 12, "date": 1767268800, "from": person(), "chat": private(), **more}
    return said if text is None else {**said, "text": text}


def update(kind: str, content: Any, id_: int = 1000) -> Json:
    return {"update_id": id_, kind: content}


def said(text: str | None = "status", **more: Any) -> Json:
    return update("message", message(text, **more))


def in_group(text: str | None = "status", **more: Any) -> Json:
    return said(text, chat=group(), **more)


def tap(data: str | None = "approve k3f9", **more: Any) -> Json:
    query = {
        "id": "4382bfdwdsb323b2d9",
        "from": person(),
        "message": ours(text="🔒 Session 'a' needs approval"),
        "chat_instance": "-3221",
        **more,
    }
    return update("callback_query", query if data is None else {**query, "data": data})


PHOTO = [
    {"file_id": "small", "file_unique_id": "s", "width": 90, "height": 67, "file_size": 1200},
    {"file_id": "large", "file_unique_id": "l", "width": 1280, "height": 960, "file_size": 98000},
]
DOCUMENT = {
    "file_id": "doc", "file_unique_id": "d", "file_name": "notes.md",
    "mime_type": "text/markdown", "file_size": 300,
}  # fmt: skip
VOICE = {"file_id": "v", "file_unique_id": "v", "duration": 3, "mime_type": "audio/ogg"}

EVERY_KIND: tuple[Json, ...] = (
    said("approve k3f9", reply_to_message=ours()),
    said("/status@wingman_test_bot a"),
    said(None, caption="look", photo=PHOTO),
    said(None, document=DOCUMENT),
    said(None, voice=VOICE),
    said("in a topic", message_thread_id=5, is_topic_message=True, reply_to_message=ours(5)),
    in_group("@wingman_test_bot status"),
    in_group("yes", reply_to_message=ours(chat=group())),
    tap(),
    tap(message=ours(chat=group(), message_thread_id=9, is_topic_message=True)),
    update("edited_message", message("status", edit_date=1767268900)),
    update("message_reaction", {"chat": private(), "message_id": 77, "user": person(),
           "date": 1767268800, "old_reaction": [], "new_reaction": []}),
    update("my_chat_member", {"chat": private(), "from": person(), "date": 1767268800}),
    update("stopped_message_generation", {"chat": private()}),
)  # fmt: skip
