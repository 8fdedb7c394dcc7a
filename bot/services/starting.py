"""A new session from its launch to the moment its task is delivered."""

from __future__ import annotations

from dataclasses import replace

from bot.core.agent import State
from bot.core.decisions import Principal
from bot.core.errors import Refused
from bot.core.ids import EventId
from bot.core.notices import Notice, NoticeKind, Part, PartStyle
from bot.core.sessions import Session
from bot.core.visible import reveal
from bot.ports.store import Store
from bot.services.launching import StartRequest
from bot.services.looking import Look
from bot.services.prompting import Prompting
from bot.services.roster import Roster
from bot.services.sessions import SessionService


class Starting:
    def __init__(
        self, store: Store, roster: Roster, sessions: SessionService, prompting: Prompting
    ) -> None:
        self._store = store
        self._roster = roster
        self._sessions = sessions
        self._prompting = prompting

    async def start(
        self, request: StartRequest, task: str, principal: Principal, event: EventId
    ) -> Notice:
        """Launches, waits for the composer or a dialog, hands the task over. Raises Refused."""
        session = await self._launched(request, principal, event)
        session = await self._keep_task(session, task)
        look = await self._sessions.wait_ready(session)
        if look is None or look.reading.state is State.DEAD:
            raise Refused(
                f"the agent of session '{session.name}' ended at once: "
                "start it at the terminal to see why"
            )
        lines = [f"📂 Directory: {session.directory}"]
        if task:
            lines.append(f"🎯 Task: {reveal(task)}")
        parts = [Part("\n".join(lines))]
        note = await self._hand_over(session, task, look, principal, event)
        if note:
            parts.append(Part(note))
        attach = self._sessions.attach_command(session)
        parts.append(Part(attach, PartStyle.CODE))
        return Notice(
            NoticeKind.REPLY,
            f"✅ Session: {session.name}",
            tuple(parts),
            session=session.name,
            attach=attach,
        )

    async def _launched(
        self, request: StartRequest, principal: Principal, event: EventId
    ) -> Session:
        """The same event after a restart finds what it started before."""
        for session in self._roster.live():
            if session.started_by == event:
                return session
        return await self._sessions.start(request, principal, event)

    async def _keep_task(self, session: Session, task: str) -> Session:
        kept = await self._roster.change(session.name, lambda now: replace(now, task=task))
        return kept or session

    async def _hand_over(
        self, session: Session, task: str, look: Look, principal: Principal, event: EventId
    ) -> str:
        """What there is to say about the task, empty when it was simply delivered."""
        asks = look.reading.prompt is not None
        if not task:
            return "It asks something before it starts: see the card." if asks else ""
        receipt = await self._prompting.tell(session, task, principal, event)
        if asks:
            return "It asks something first (see the card); the task is delivered after that."
        return "" if receipt.title.startswith("✓") else receipt.title
