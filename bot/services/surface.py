"""What the web layer and the command line are given: reading, and acting as the owner."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

from bot.core.approvals import PromptState
from bot.core.cards import outcome_line
from bot.core.decisions import Decision, Principal
from bot.core.errors import NotFound, Refused
from bot.core.ids import Code, EventId, PaneId, SessionName
from bot.core.lifecycle import Phase
from bot.core.notices import Notice, NoticeKind
from bot.core.pairing import Invitation
from bot.core.records import Person, PromptRecord
from bot.core.sessions import Session
from bot.ports.painter import PictureKind
from bot.services.commands import Gateway
from bot.services.dispatch import Dispatch
from bot.services.gate import Gate
from bot.services.launching import StartRequest
from bot.services.overview import in_order
from bot.services.pairing import Pairing

_SETTLED = frozenset({PromptState.CONFIRMED, PromptState.APPLIED})


@dataclass(frozen=True, slots=True)
class Outcome:
    notice: Notice

    @property
    def ok(self) -> bool:
        return self.notice.kind is not NoticeKind.TROUBLE


class Changes:
    """Wakes every page that shows sessions or prompts."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        self._event.set()
        self._event = asyncio.Event()

    async def each(self) -> AsyncIterator[None]:
        while True:
            event = self._event
            yield
            await event.wait()


class OwnersSurface:
    """The web layer's ``Surface``, for whoever the web layer has let in."""

    def __init__(
        self,
        gateway: Gateway,
        dispatch: Dispatch,
        gate: Gate,
        pairing: Pairing,
        channels: Sequence[str],
        changes: Changes,
        look_at: Callable[[PaneId], None],
        problem: Callable[[], str] = str,
    ) -> None:
        """``problem``: what keeps the gateway from seeing all panes, empty when nothing does."""
        self._problem = problem
        self._gateway = gateway
        self._dispatch = dispatch
        self._gate = gate
        self._pairing = pairing
        self._channels = channels
        self._changes = changes
        self._look_at = look_at

    async def sessions(self) -> Sequence[Session]:
        return in_order([s for s in self._gateway.roster.live() if s.watched])

    async def session(self, name: str) -> Session:
        session = self._gateway.roster.get(SessionName(name))
        if session is None:
            raise NotFound(f"there is no session '{name}'")
        return session

    async def screen(self, name: str, lines: int) -> str:
        rows = await self._gateway.sessions.tail(await self.session(name), lines)
        return "\n".join(rows) + "\n"

    async def picture(self, name: str, kind: PictureKind) -> bytes:
        screen = await self._gateway.sessions.screen(await self.session(name))
        return await self._gateway.painter.paint(screen, kind)

    async def prompts(self) -> Sequence[PromptRecord]:
        live = await self._gateway.approvals.live()
        return [record for record in live if record.state is PromptState.OPEN]

    async def prompt(self, code: str) -> PromptRecord:
        record = await self._gateway.approvals.by_code(Code(code))
        if record is None:
            raise NotFound(f"there is no prompt '{code}'")
        return record

    async def completions(self) -> Sequence[str]:
        commands = [command.name for command in self._gateway.commands]
        names = [session.name for session in self._gateway.roster.live()]
        codes = [record.code for record in await self.prompts()]
        return [*commands, *names, *codes]

    def changes(self) -> AsyncIterator[None]:
        return self._changes.each()

    async def ready(self) -> str:
        await self._gateway.approvals.live()
        return self._problem()

    async def decide(self, code: str, decision: Decision, by: str) -> PromptRecord:
        record = await self.prompt(code)
        event = _new_event()
        notice = await self._gateway.approvals.decide(record, decision, self._person(by), event)
        after = await self.prompt(code)
        if after.decided_event != event:
            asked = notice.kind is NoticeKind.REPLY
            raise Refused(_unconfirmed(notice) if asked else notice.title)
        if after.state not in _SETTLED:
            raise Refused(outcome_line(after))
        return after

    async def start(
        self, name: str, directory: str, task: str, agent: str, mode: str, by: str
    ) -> Outcome:
        person = self._person(by)
        there = self._gateway.roster.get(SessionName(name))
        if there is not None and there.phase is not Phase.ENDED:
            if not task:
                raise Refused(f"session '{name}' is there already")
            told = await self._gateway.prompting.tell(there, task, person, _new_event())
            return Outcome(told)
        request = StartRequest(name, directory, agent, mode)
        started = await self._gateway.starting.start(request, task, person, _new_event())
        return Outcome(started)

    async def stop(self, name: str, force: bool, by: str) -> Outcome:
        await self.session(name)
        return await self.command(f"stop {name}{' yes' if force else ''}", by)

    async def input(self, name: str, text: str, by: str) -> Outcome:
        session = await self.session(name)
        person = self._person(by)
        return Outcome(await self._gateway.prompting.tell(session, text, person, _new_event()))

    def nudge(self, pane: str) -> None:
        self._look_at(PaneId(pane))

    async def command(self, text: str, by: str) -> Outcome:
        return Outcome(await self._dispatch.handle(text, self._person(by), _new_event()))

    def has_channel(self, channel: str) -> bool:
        return channel in self._channels

    async def pair(self, channel: str, by: str) -> Invitation:
        return await self._pairing.invite(channel, self._person(by).id)

    async def unpair(self, channel: str, user: str, by: str) -> Person:
        return await self._pairing.remove(channel, user, self._person(by).id)

    def _person(self, by: str) -> Principal:
        return self._gate.admit_owner(by)


def _unconfirmed(question: Notice) -> str:
    """What a grant is, for whoever has to say yes to it."""
    granted = question.parts[0].text
    return f'{question.title}: {granted}. Send it again with "confirm": true if you want that'


def _new_event() -> EventId:
    return EventId(f"cli:{uuid.uuid4().hex}")
