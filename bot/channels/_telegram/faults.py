"""What Telegram's refusals mean for a message, read from their texts.

The texts are the only thing that tells one "400 Bad Request" from another; they have been the same
for years, and other bots read them too."""

from __future__ import annotations

from bot.core.errors import WingmanError
from bot.ports.channel import Blocked, MessageGone, Rejected


class NotModified(WingmanError):
    """The message says that already: as good as done."""


class TooOld(Rejected):
    """A tap that was not acknowledged in time; what it asked for is done all the same."""


class ThreadGone(Rejected):
    """The topic was deleted, or topics were switched off."""


class ChatMoved(WingmanError):
    """The group became a supergroup and has another id."""

    def __init__(self, to: int) -> None:
        super().__init__(f"the group has a new id, {to}")
        self.to = to


class Contended(WingmanError):
    """Somebody else receives this bot's updates: another program, or a webhook."""


class TokenInvalid(WingmanError):
    """The token was revoked, or never was one."""


_MEANINGS: tuple[tuple[tuple[str, ...], type[WingmanError]], ...] = (
    (("message is not modified",), NotModified),
    (
        (
            "message to edit not found",
            "message can't be edited",
            "message_id_invalid",
            "message identifier is not specified",
        ),
        MessageGone,
    ),
    (("query is too old", "query id is invalid", "query_id_invalid"), TooOld),
    (
        (
            "message thread not found",
            "the chat is not a forum",
            "topic_deleted",
            "topic_closed",
            "topic_id_invalid",
            "topic_not_modified",
        ),
        ThreadGone,
    ),
    (("chat not found", "user not found", "peer_id_invalid"), Blocked),
    (("not enough rights to send", "have no rights to send", "chat_write_forbidden"), Blocked),
)

_NOTES: dict[type[WingmanError], str] = {
    Blocked: "; whoever it is has to open the chat with the bot and press Start",
}


def bad_request(text: str) -> WingmanError:
    """Rejected where the text is not known."""
    lowered = text.lower()
    for signs, meaning in _MEANINGS:
        if any(sign in lowered for sign in signs):
            return meaning(text + _NOTES.get(meaning, ""))
    return Rejected(text)
