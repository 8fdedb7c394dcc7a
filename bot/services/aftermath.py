"""After a task is done: what has changed is added to its card, which did not wait for that."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

import structlog

from bot.core.errors import WingmanError
from bot.core.notices import Notice, Part, PartStyle, Urgency
from bot.core.records import Delivery
from bot.core.sessions import Session
from bot.core.visible import screen_text
from bot.ports.clock import Clock
from bot.ports.store import Store
from bot.ports.workspace import Changes, Workspace
from bot.services.notifier import Notifier
from bot.services.outbox import Outbox
from bot.services.wake import Bell

log = structlog.get_logger()

MOST = 100
"""Cards that wait; more at a time are left as they are."""
FILES = 8
AFTER = 0.25
"""Seconds until git is asked: the card itself goes first."""


@dataclass(frozen=True, slots=True)
class Finished:
    session: Session
    notice: Notice
    topic: str


class Aftermath:
    def __init__(
        self, store: Store, workspace: Workspace, notifier: Notifier, outbox: Outbox, clock: Clock
    ) -> None:
        self._store = store
        self._workspace = workspace
        self._clock = clock
        self._notifier = notifier
        self._outbox = outbox
        self._bell = Bell(clock)
        self._queue: deque[Finished | Session] = deque(maxlen=MOST)

    def begun(self, session: Session) -> None:
        """It sets to work on a task."""
        self._queue.append(session)
        self._bell.ring()

    def finished(self, task: Finished) -> None:
        self._queue.append(task)
        self._bell.ring()

    async def run(self) -> None:
        while True:
            await self._bell.wait()
            while self._queue:
                match self._queue.popleft():
                    case Finished() as task:
                        await self._clock.sleep(AFTER)
                        await self._add(task)
                    case session:
                        await self._remember(session)

    async def _remember(self, session: Session) -> None:
        """Where its directory stands before the agent changes or commits anything."""
        try:
            head = await self._workspace.head(session.directory)
        except WingmanError as trouble:
            log.debug("aftermath.no_head", reason=str(trouble))
            return
        async with self._store.transaction() as tx:
            await tx.meta.put(f"base:{session.name}", f"{_task_of(session)} {head}")

    async def _since(self, session: Session) -> str:
        """Where it stood when that task began; empty when that is not known."""
        async with self._store.snapshot() as tx:
            task, _, head = (await tx.meta.get(f"base:{session.name}") or "").rpartition(" ")
        return head if task == _task_of(session) else ""

    async def _add(self, task: Finished) -> None:
        session = task.session
        try:
            since = await self._since(session)
            summed_up = summary(await self._workspace.changes(session.directory, since))
        except WingmanError as trouble:
            log.debug("aftermath.no_changes", reason=str(trouble))
            return
        if not summed_up:
            return
        parts = (*task.notice.parts, Part(summed_up, PartStyle.TABLE))
        notice = replace(task.notice, parts=parts, live=True, silent=True)
        async with self._store.transaction() as tx:
            key, topic = f"{task.topic}:changes", task.topic
            await self._notifier.tell_all(tx, key, notice, Urgency.DONE, topic, Delivery.LATEST)
        self._outbox.wake()


def _task_of(session: Session) -> str:
    at = session.task_at
    return f"{0 if at is None else int(at.timestamp() * 1000)} {session.directory}"


def summary(changes: Changes) -> str:
    """Git's own list, shortened, with the total below it."""
    lines = [screen_text(line).strip() for line in changes.stat.splitlines() if line.strip()]
    if len(lines) > FILES + 1:
        lines = [*lines[: FILES - 1], f"… {len(lines) - FILES} more files", lines[-1]]
    new = len(changes.untracked)
    if new:
        lines.append(f"{new} new file{'s' if new != 1 else ''}")
    if changes.commits:
        lines.append(f"{changes.commits} commit{'s' if changes.commits != 1 else ''}")
    return "\n".join(lines)
