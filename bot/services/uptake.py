"""After Enter: the text leaves the input box, and a second sign says that the agent took it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.accounts import account_path, read_account
from bot.core.agent import AgentSpec, Composer, State
from bot.core.answering import squeezed
from bot.core.records import TextState
from bot.core.sessions import Session
from bot.core.uptake import Sign, has_come_up, holds, probe, stands_in, times_shown
from bot.ports.accounts import Accounts
from bot.ports.clock import Clock
from bot.services.looking import Eyes, Look

LEAVES_WITHIN = 3.0
SIGN_WITHIN = 4.0
"""Seconds, after it has left the input box: Claude Code 2.1.329 needs a tenth of one."""
LOOK_EVERY = 0.03
READ_EVERY = 0.25
"""Seconds between two readings of the agent's files."""
QUEUED_ROWS = 16
"""From the bottom up: what stands further above is anybody's text."""
CLOCKS_DIFFER = timedelta(seconds=1)

_STANDS = "it stands in the input box, but the agent did not take it"
_NO_SIGN = "It has left the input box, but the agent is not seen to work on it"
_DIALOG = "A dialog came up as it was sent: look whether the text is back in the input box"


@dataclass(frozen=True, slots=True)
class Before:
    """The agent's own files just before Enter."""

    at: datetime
    transcript: str
    size: int
    account: str


@dataclass(frozen=True, slots=True)
class Found:
    state: TextState
    reason: str


class Uptake:
    def __init__(
        self, eyes: Eyes, accounts: Accounts, clock: Clock, agents: Mapping[str, AgentSpec]
    ) -> None:
        self._eyes = eyes
        self._accounts = accounts
        self._clock = clock
        self._agents = agents

    async def begin(self, session: Session) -> Before:
        path = session.transcript
        size = await self._accounts.size(path) if path else 0
        account = account_path(path, session.agent_pid)
        return Before(self._clock.now(), path, size, account)

    async def of(self, session: Session, text: str, last: Look, before: Before) -> Found:
        """``last``: the look before Enter, with the text in the box."""
        begun = self._clock.monotonic()
        left = read = 0.0
        was_busy = last.reading.state is State.WORKING
        look: Look | None = last
        while True:
            await self._clock.sleep(LOOK_EVERY)
            look = await self._eyes.look(session.pane)
            if look is None:
                return Found(TextState.UNKNOWN, "Enter was pressed, then its pane was gone")
            now = self._clock.monotonic()
            if _in_box(look, last):
                if now - begun > LEAVES_WITHIN:
                    return Found(TextState.UNKNOWN, _STANDS)
                left = 0.0
                continue
            left = left or now
            if self._has_queued(look) and (was_busy or not self._has_queued(last)):
                return Found(TextState.HANDED, "")
            sign = _on_screen(text, look, last)
            if sign is None and now - read >= READ_EVERY:
                sign, read = await self._in_files(text, before), now
            if sign is not None:
                return Found(TextState.DELIVERED, sign.value)
            if now - left > SIGN_WITHIN:
                asks = look.reading.prompt is not None
                return Found(TextState.UNCONFIRMED, _DIALOG if asks else _NO_SIGN)

    async def after_restart(self, session: Session, text: str) -> Found:
        """Enter is known to have gone in, before this program was started."""
        look = await self._eyes.settled(session.pane)
        if look is None:
            return Found(TextState.UNKNOWN, "Enter was pressed, then its pane was gone")
        if holds(look.reading, text):
            return Found(TextState.UNKNOWN, _STANDS)
        if self._has_queued(look):
            return Found(TextState.HANDED, "")
        if look.reading.state is State.WORKING:
            return Found(TextState.DELIVERED, Sign.WORKS.value)
        if times_shown(look.screen.rows, probe(text)):
            return Found(TextState.DELIVERED, Sign.ON_SCREEN.value)
        if session.transcript and stands_in(
            await self._accounts.since(session.transcript, 0), text
        ):
            return Found(TextState.DELIVERED, Sign.WRITTEN.value)
        return Found(TextState.UNCONFIRMED, _NO_SIGN)

    def _has_queued(self, look: Look) -> bool:
        spec = self._agents.get(look.reading.agent)
        line = "" if spec is None else spec.queued_line
        return bool(line) and any(
            re.search(line, row) for row in look.screen.trimmed()[-QUEUED_ROWS:]
        )

    async def _in_files(self, text: str, before: Before) -> Sign | None:
        if before.transcript:
            grown = await self._accounts.since(before.transcript, before.size)
            if stands_in(grown, text):
                return Sign.WRITTEN
        if before.account:
            account = read_account(await self._accounts.read(before.account))
            works = account.free == "busy" or account.waits_for
            since = account.since
            if works and since is not None and since >= before.at - CLOCKS_DIFFER:
                return Sign.ACCOUNT
        return None


def _in_box(look: Look, last: Look) -> bool:
    reading = look.reading
    if reading.composer is not Composer.DRAFT:
        return False
    return squeezed(reading.draft) == squeezed(last.reading.draft)


def _on_screen(text: str, look: Look, last: Look) -> Sign | None:
    if look.reading.state is State.WORKING and last.reading.state is not State.WORKING:
        return Sign.WORKS
    rows = last.screen.rows, look.screen.rows
    return Sign.ON_SCREEN if has_come_up(text, last.reading.draft, *rows) else None
