"""Looking without a gateway: straight at the panes of the tmux server."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime
from typing import Any

from bot.adapters.clock import SystemClock
from bot.app import Tmux, agents
from bot.core.decide import decide
from bot.core.errors import NotFound
from bot.core.events import Observed
from bot.core.reading import Reader
from bot.core.screen import Screen
from bot.core.sessions import Origin, Session
from bot.core.vitals import UNKNOWN
from bot.ports.terminal import PaneInfo
from bot.services.adoption import free_name
from bot.services.overview import in_order
from bot.settings import Settings
from bot.web.documents import SessionDoc


def sessions(settings: Settings) -> list[dict[str, Any]]:
    found = asyncio.run(_sessions(settings))
    return [SessionDoc.of(session, {}).model_dump(mode="json") for session in in_order(found)]


def screen(settings: Settings, pane: str, lines: int) -> str:
    return asyncio.run(_screen(settings, pane, lines))


def attach_argv(settings: Settings, tmux_session: str) -> list[str]:
    server = Tmux.of(settings, SystemClock()).server
    verb = "switch-client" if os.environ.get("TMUX") else "attach-session"
    return server.argv(verb, "-t", f"={tmux_session}")


def captured(settings: Settings, name: str) -> tuple[PaneInfo, Screen]:
    """A session's pane with its colours, by the name that ``sessions`` shows, or by its pane id.
    Raises NotFound."""
    found = asyncio.run(_screens(settings, 0, ansi=True))
    taken: list[str] = []
    for info, shown in found:
        taken.append(free_name(info.session, taken))
        if name in (taken[-1], info.key.pane):
            return info, shown
    raise NotFound(f"there is no session '{name}'; there are: {', '.join(taken) or 'none'}")


async def _screens(
    settings: Settings, history: int, *, ansi: bool = False
) -> list[tuple[PaneInfo, Screen]]:
    tmux = Tmux.of(settings, SystemClock())
    await tmux.server.check()
    async with asyncio.TaskGroup() as group:
        client = group.create_task(tmux.client.run())
        panes = await tmux.terminal.panes()
        captured = await tmux.terminal.capture([info.key for info in panes], history, ansi=ansi)
        client.cancel()
    return [(info, captured[info.key.pane]) for info in panes if info.key.pane in captured]


async def _sessions(settings: Settings) -> list[Session]:
    known = agents()
    reader = Reader(tuple(known.values()))
    now = SystemClock().now()
    found: list[Session] = []
    for info, shown in await _screens(settings, 0):
        session = Session(
            name=free_name(info.session, (other.name for other in found)),
            pane=info.key,
            tmux_session=info.session,
            directory=info.path,
            origin=Origin.FOUND,
            started_at=now,
            last_activity=datetime.fromtimestamp(info.activity, UTC),
            state_since=now,
        )
        reading = reader(shown)
        spec = known.get(reading.agent)
        vitals = spec.vitals(shown) if spec else UNKNOWN
        seen, _ = decide(session, Observed(now, reading, stood=reading.signals, vitals=vitals))
        found.append(seen)
    return found


async def _screen(settings: Settings, pane: str, lines: int) -> str:
    for info, shown in await _screens(settings, lines):
        if info.key.pane == pane:
            return "\n".join(shown.trimmed()[-lines:]) + "\n"
    raise NotFound(f"there is no pane {pane}")
