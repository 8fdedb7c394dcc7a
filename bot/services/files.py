"""Files that people send: fetched for those who may act, kept, and named to the agent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.core.decisions import Inbound, InboundFile, Principal
from bot.core.errors import Refused
from bot.core.filenames import safe_name
from bot.core.ids import EventId
from bot.core.records import TextRecord
from bot.core.sessions import Session
from bot.ports.channel import Channel, Rejected, RetryLater, Unreachable
from bot.ports.clock import Clock
from bot.ports.shelf import Shelf
from bot.ports.store import Store

MOST = 20 * 1024 * 1024
"""Bytes of one file. Telegram: ``getFile`` gives bots at most 20 MB."""

PAUSES = (1.0, 4.0)
"""Seconds before it is tried again, when the provider could not be reached."""

_FILE = "File: "


def files_of(texts: Iterable[TextRecord]) -> frozenset[str]:
    """Where the files are that these texts tell of."""
    lines = (line for text in texts for line in text.text.splitlines())
    return frozenset(line.removeprefix(_FILE) for line in lines if line.startswith(_FILE))


class FileDesk:
    def __init__(
        self, store: Store, channels: Sequence[Channel], shelf: Shelf, clock: Clock
    ) -> None:
        self._store = store
        self._channels = {channel.id: channel for channel in channels}
        self._shelf = shelf
        self._clock = clock

    async def sent_before(self, principal: Principal, event: str) -> Inbound:
        """That person's own message with files, which waited for a session to be named."""
        async with self._store.snapshot() as tx:
            found = await tx.inbox.get(principal.channel, EventId(event))
        if found is None or found.user != principal.user or not found.files:
            raise Refused("I don't have that file any more: send it again")
        return found

    async def bring(
        self,
        session: Session,
        files: Sequence[InboundFile],
        caption: str,
        principal: Principal,
        event: EventId,
        origin: str,
    ) -> str:
        """What to tell the agent: the caption and where the files are.

        ``event`` is the text's, ``origin`` the message's that the files came with: handled again,
        nothing is fetched or kept a second time."""
        async with self._store.snapshot() as tx:
            told = await tx.texts.get(event)
        if told is not None:
            return told.text
        channel = self._channels.get(principal.channel)
        if channel is None:
            raise Refused("files can be sent from a chat only")
        for file in files:
            _check(file, file.size)
        folder = safe_name(session.name)
        lines = []
        for number, file in enumerate(files):
            content = await self._fetch(channel, file)
            name = safe_name(file.name, f"{principal.channel}:{origin}:{number}")
            lines.append(_FILE + await self._shelf.put(folder, name, content))
        return "\n".join((caption, "", *lines) if caption else lines)

    async def _fetch(self, channel: Channel, file: InboundFile) -> bytes:
        for pause in (*PAUSES, None):
            try:
                content = await channel.fetch(file)
            except Rejected as error:
                raise Refused(f"file '{file.name}' was not taken: {error}") from error
            except (Unreachable, RetryLater) as error:
                if pause is None:
                    why = f"file '{file.name}' could not be fetched: {error}; send it again"
                    raise Refused(why) from error
                await self._clock.sleep(pause)
            else:
                _check(file, len(content))
                return content
        raise AssertionError("the last attempt returns or raises")


def _check(file: InboundFile, size: int) -> None:
    if size > MOST:
        most = MOST // 1024 // 1024
        raise Refused(f"file '{file.name}' is too big: at most {most} MB. Nothing was sent")
