"""Who types where, as tmux's clients tell it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.adapters.tmux.client import ControlClient
from bot.adapters.tmux.presence import TmuxPresence, read
from bot.adapters.tmux.server import TmuxServer
from bot.core.ids import PaneId
from tests.support.clock import FakeClock
from tests.support.tmux import Adapter, RealTmux
from tests.support.waiting import spend, until


def test_ordinary_clients_and_their_last_key() -> None:
    here, away = "attached,focused,UTF-8", "attached,UTF-8"
    rows = [
        f"0 1700000000 %3 {here}",
        f"1 1700000099 %4 {here},control-mode",
        f"0 1700000050 %3 {here}",
        f"0  %5 {here}",
        f"0 1700000001 %6 {here}",
        f"0 1700000001 %7 {away}",
    ]
    assert read(rows) == {
        PaneId("%3"): datetime.fromtimestamp(1700000050, UTC),
        PaneId("%6"): datetime.fromtimestamp(1700000001, UTC),
    }


async def test_where_no_server_runs_nobody_types() -> None:
    server = TmuxServer(None, Path("/nonexistent/tmux.sock"))
    assert await TmuxPresence(ControlClient(server, FakeClock())).typed() == {}


NOISE = "import time\nwhile True:\n    print(time.time(), flush=True)\n    time.sleep(0.05)"
"""What a spinner does to a pane."""


async def test_keys_count_and_what_a_program_writes_does_not(
    tmux: RealTmux, adapter: Adapter
) -> None:
    """tmux counts in whole seconds."""
    presence = TmuxPresence(adapter.client)
    pane = tmux.program("a", NOISE).pane
    assert await presence.typed() == {}
    with tmux.attached("a") as keyboard:
        await until(lambda: tmux.do("list-clients", "-F", "#{client_tty}"))
        attached = await presence.typed()
        assert attached.keys() == {pane}
        await spend(2.1)
        tmux.do("resize-window", "-t", "a", "-x", "90", "-y", "20")
        tmux.do("send-keys", "-t", "a", "y")
        assert await presence.typed() == attached

        os.write(keyboard, b"x")
        await spend(0.2)
        typed = await presence.typed()
        assert typed[pane] - attached[pane] >= timedelta(seconds=2)

        await spend(1.1)
        os.write(keyboard, b"\x1b[O")
        await becomes(presence, {})
        os.write(keyboard, b"\x1b[I")
        await spend(0.2)
        assert (await presence.typed())[pane] > typed[pane]


async def becomes(presence: TmuxPresence, expected: Mapping[PaneId, datetime]) -> None:
    async def is_so() -> bool:
        return await presence.typed() == expected

    await until(is_so)
