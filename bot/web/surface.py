"""What the web layer asks of the rest of the program, in the program's own values.

How these values look as JSON is decided in ``documents``; whoever implements this knows no web."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from bot.core.decisions import Decision
from bot.core.notices import Notice
from bot.core.pairing import Invitation
from bot.core.records import Person, PromptRecord
from bot.core.sessions import Session
from bot.ports.painter import PictureKind


class Outcome(Protocol):
    """The answer to a command. Any object with these two attributes will do."""

    @property
    def ok(self) -> bool:
        """False when the command was refused or failed: the CLI ends with 1."""
        ...

    @property
    def notice(self) -> Notice: ...


class Reading(Protocol):
    """Looking. Nothing here changes anything."""

    async def sessions(self) -> Sequence[Session]:
        """Every session that is not over, in the order a person should see them."""
        ...

    async def session(self, name: str) -> Session:
        """By exact name. Raises NotFound."""
        ...

    async def screen(self, name: str, lines: int) -> str:
        """The last lines of the pane as text. Raises NotFound or TerminalUnusable."""
        ...

    async def picture(self, name: str, kind: PictureKind) -> bytes:
        """What the pane shows now, in colours. Raises NotFound or TerminalUnusable."""
        ...

    async def prompts(self) -> Sequence[PromptRecord]:
        """The open ones, oldest first."""
        ...

    async def prompt(self, code: str) -> PromptRecord:
        """By code, also when it is closed, as long as the code is known. Raises NotFound."""
        ...

    async def completions(self) -> Sequence[str]:
        """Command words, session names and codes that may be typed now."""
        ...

    def changes(self) -> AsyncIterator[None]:
        """An item at once, and one whenever sessions or prompts may have changed since the last.

        Several changes may be one item."""
        ...

    async def ready(self) -> str:
        """Empty when store and terminal answer and every pane that was there at the start has been
        looked at, else what is wrong, in words."""
        ...


class Acting(Protocol):
    """Doing. ``by`` is the name of who does it, for the audit log and the card.

    Raises NotFound for an unknown name or code, Refused when nothing was done."""

    async def decide(self, code: str, decision: Decision, by: str) -> PromptRecord:
        """The record after the decision. Raises Refused when it is not the prompt on screen."""
        ...

    async def start(
        self, name: str, directory: str, task: str, agent: str, mode: str, by: str
    ) -> Outcome: ...

    async def stop(self, name: str, force: bool, by: str) -> Outcome: ...

    async def input(self, name: str, text: str, by: str) -> Outcome:
        """The receipt: delivered, queued or refused."""
        ...

    def nudge(self, pane: str) -> None:
        """An agent's hook ran in that pane (``%5``): look at it now."""
        ...

    async def command(self, text: str, by: str) -> Outcome:
        """A chat command, run now and answered here instead of through the outbox."""
        ...


class Admitting(Protocol):
    """Who may act. ``by`` is as in Acting."""

    def has_channel(self, channel: str) -> bool: ...

    async def pair(self, channel: str, by: str) -> Invitation:
        """A code that lets one person in."""
        ...

    async def unpair(self, channel: str, user: str, by: str) -> Person:
        """Takes back what a code gave. Raises NotFound."""
        ...


class Surface(Reading, Acting, Admitting, Protocol):
    """All together: what one gateway offers."""
