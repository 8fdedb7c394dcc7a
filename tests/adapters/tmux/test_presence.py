"""Who types where, as tmux's clients tell it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bot.adapters.tmux.client import ControlClient
from bot.adapters.tmux.presence import TmuxPresence, read
from bot.adapters.tmux.server import TmuxServer
from bot.core.ids import PaneId
from tests.support.clock import FakeClock


def test_ordinary_clients_and_their_last_key() -> None:
    rows = ["0 1700000000 %3", "1 1700000099 %4", "0 1700000050 %3", "0  %5", "0 1700000001 %6"]
    assert read(rows) == {
        PaneId("%3"): datetime.fromtimestamp(1700000050, UTC),
        PaneId("%6"): datetime.fromtimestamp(1700000001, UTC),
    }


async def test_where_no_server_runs_nobody_types() -> None:
    server = TmuxServer(None, Path("/nonexistent/tmux.sock"))
    assert await TmuxPresence(ControlClient(server, FakeClock())).typed() == {}
