"""The Presence port on tmux: what its clients show, and when they were last typed into.

``client_activity`` is the time at which a client last got something from its terminal: a key, a
mouse event, a paste, but also the terminal's own word that somebody came or went (focus events),
and attaching (seen with tmux 3.3a). What programs write does not change it, nor does a resize.
Whoever just went away is told apart by the flag ``focused``, which a client has until its terminal
says otherwise. Clients in control mode, as ours, are programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from bot.adapters.tmux.client import ControlClient, NoAnswer, NoServer
from bot.core.errors import TerminalUnusable
from bot.core.ids import PaneId

LIST = "list-clients -F '#{client_control_mode} #{client_activity} #{pane_id} #{client_flags}'"


class TmuxPresence:
    """Needs its client's ``run()`` to be running."""

    def __init__(self, client: ControlClient) -> None:
        self._client = client

    async def typed(self) -> Mapping[PaneId, datetime]:
        try:
            blocks = await self._client.ask(LIST)
        except (NoServer, NoAnswer, TerminalUnusable):
            return {}
        return read(blocks[0].lines) if blocks and blocks[0].ok else {}


def read(rows: Iterable[str]) -> dict[PaneId, datetime]:
    found: dict[PaneId, datetime] = {}
    for row in rows:
        control, activity, pane, flags = row.split(" ")
        is_here = control == "0" and "focused" in flags.split(",")
        if is_here and activity.isdigit() and pane:
            at = datetime.fromtimestamp(int(activity), UTC)
            found[PaneId(pane)] = max(at, found.get(PaneId(pane), at))
    return found
