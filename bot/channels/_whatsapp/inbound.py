"""From what Twilio posts, or has in its list of messages, to what a person said.

New fields appear without notice (Twilio, TwiML for Messaging, request parameters): what is not
known here is left alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import parse_qsl, urlsplit

from bot.core.decisions import Inbound, InboundFile
from bot.core.ids import EventId

CHANNEL = "whatsapp"
PREFIX = "whatsapp:"
NAME_LIMIT = 64
FIELDS = 300
MEDIA = 10
"""Files of one message that are looked at."""

_SID = re.compile(r"(SM|MM)[0-9a-fA-F]{32}")
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
_EXTERNAL = re.compile(r"[A-Z]{2}\.[A-Za-z0-9]{1,128}")
_MEDIA_PATH = re.compile(
    r"/2010-04-01/Accounts/AC[0-9a-fA-F]{32}/Messages/(?:SM|MM)[0-9a-fA-F]{32}"
    r"/Media/ME[0-9a-fA-F]{32}(?:\.json)?"
)
_EXTENSIONS = {
    "image/jpeg": "photo.jpg",
    "image/png": "picture.png",
    "image/webp": "sticker.webp",
    "audio/ogg": "voice.ogg",
    "audio/mpeg": "audio.mp3",
    "audio/amr": "audio.amr",
    "video/mp4": "video.mp4",
    "application/pdf": "document.pdf",
    "text/plain": "document.txt",
    "text/vcard": "contact.vcf",
}


class Fields(dict[str, list[str]]):
    """A form: every value of every name, also the blank ones, as they count in the signature."""

    @classmethod
    def of(cls, body: bytes) -> Fields:
        """Raises ValueError for what is no form."""
        fields = cls()
        text = body.decode("ascii")
        for name, value in parse_qsl(text, keep_blank_values=True, max_num_fields=FIELDS):
            fields.setdefault(name, []).append(value)
        return fields

    def getlist(self, name: str) -> list[str]:
        """What Twilio's RequestValidator asks a form for."""
        return self[name]

    def first(self, name: str) -> str:
        return _plain(self.get(name, [""])[0])


@dataclass(frozen=True, slots=True)
class Listed:
    """A message as the list has it: without buttons, names and what it replies to."""

    sid: str
    sender: str
    to: str
    body: str
    at: datetime
    status: str = ""
    error: int = 0
    media: int = 0
    """How many files hang on it."""
    outbound: bool = False
    ahead: timedelta = timedelta()
    """How much later it is by Twilio's clock, which ``at`` is told by, than by ours."""

    @property
    def by_our_clock(self) -> datetime:
        return self.at - self.ahead


@dataclass(frozen=True, slots=True)
class Media:
    path: str
    mime: str


@dataclass(frozen=True, slots=True)
class Ignored:
    reason: str


class People(Protocol):
    async def user(self, number: str, external: str) -> str:
        """By which id somebody is known here: one of them may be empty."""
        ...


class Offered(Protocol):
    async def tap(self, address: str, title: str) -> tuple[str, str]:
        """The command behind a button of that title and the message it hangs on; both empty when
        nothing of that name was offered there."""
        ...


@dataclass(frozen=True, slots=True)
class Line:
    """Our end: the account's SID, and the sender as ``whatsapp:+…``."""

    account: str
    sender: str


async def posted(form: Fields, line: Line, people: People) -> Inbound | Ignored:
    """A message from a webhook, whose signature was checked."""
    sid = form.first("MessageSid") or form.first("SmsMessageSid")
    if not _SID.fullmatch(sid):
        return Ignored("no message")
    if (form.first("AccountSid"), form.first("To")) != (line.account, line.sender):
        return Ignored("a message for another account or number")
    number, external = _ids(form)
    if not number and not external:
        return Ignored("a message of nobody")
    tapped = form.first("ButtonPayload") or form.first("ListId")
    text = tapped or form.first("Body").strip()
    files = tuple(_posted_files(form))
    if not text and not files:
        return Ignored("a message without words or a file")
    user = await people.user(number, external)
    return Inbound(
        channel=CHANNEL,
        event=EventId(sid),
        user=user,
        name=_name(form.first("ProfileName")) or user,
        address=user,
        text=text,
        reply_to=form.first("OriginalRepliedMessageSid"),
        tapped=bool(tapped),
        receipt=sid,
        files=files,
    )


async def listed(
    message: Listed, media: Sequence[Media], people: People, offered: Offered
) -> Inbound | Ignored:
    """A message from the list. A tap is there as its title only: what was offered under that
    title is what it means."""
    number, external = _bare(message.sender)
    if not _SID.fullmatch(message.sid) or (not number and not external):
        return Ignored("a message of nobody")
    user = await people.user(number, external)
    text = _plain(message.body).strip()
    files = tuple(_file(one.path, one.mime) for one in media if _MEDIA_PATH.fullmatch(one.path))
    if not text and not files:
        return Ignored("a message without words or a file")
    command, card = ("", "") if files else await offered.tap(user, text)
    return Inbound(
        channel=CHANNEL,
        event=EventId(message.sid),
        user=user,
        name=user,
        address=user,
        text=command or text,
        reply_to=card,
        tapped=bool(command),
        receipt=message.sid,
        files=files,
        sent_at=message.by_our_clock,
    )


def _ids(form: Fields) -> tuple[str, str]:
    number, external = _bare(form.first("From"))
    wa_id = form.first("WaId")
    if not number and _NUMBER.fullmatch(f"+{wa_id}"):
        number = f"+{wa_id}"
    return number, _bare(form.first("ExternalUserId"))[1] or external


def _bare(address: str) -> tuple[str, str]:
    """A number, or the id of somebody who keeps it to himself."""
    bare = address.removeprefix(PREFIX)
    if not address.startswith(PREFIX):
        return "", ""
    return (
        bare if _NUMBER.fullmatch(bare) else "",
        bare if _EXTERNAL.fullmatch(bare) else "",
    )


def _posted_files(form: Fields) -> Iterable[InboundFile]:
    count = form.first("NumMedia")
    many = min(int(count), MEDIA) if count.isascii() and count.isdigit() else 0
    for n in range(many):
        # Only the path counts: our token is sent to the server that we know, wherever it points.
        path = urlsplit(form.first(f"MediaUrl{n}")).path
        if _MEDIA_PATH.fullmatch(path):
            yield _file(path, form.first(f"MediaContentType{n}"))


def _file(path: str, mime: str) -> InboundFile:
    kind = mime.partition(";")[0].strip().lower()
    name = _EXTENSIONS.get(kind, "document")
    return InboundFile(path.removesuffix(".json"), name, 0, kind or "application/octet-stream")


def _name(text: str) -> str:
    """Shown only, and never compared with anything."""
    words = "".join(char for char in " ".join(text.split()) if char.isprintable())
    return words[:NAME_LIMIT]


def _plain(text: str) -> str:
    """A database may not take NUL, and half a surrogate pair cannot be written at all."""
    return text.replace("\0", "").encode(errors="replace").decode()
