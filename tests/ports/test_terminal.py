from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.ids import PaneId, PaneKey, ServerKey
from bot.ports.terminal import PaneInfo

INFO = PaneInfo(
    key=PaneKey(ServerKey(1, 2), PaneId("%1"), 3),
    session="shop",
    session_id="$1",
    window_index=0,
    pane_index=0,
    command="sh",
    path="/",
    title="",
    width=80,
    height=24,
    tty="/dev/pts/1",
    dead=True,
    activity=0,
)


@pytest.mark.parametrize(
    ("status", "ending"),
    [
        ("", ("its program has ended", False)),
        ("0", ("its program has ended", False)),
        ("1", ("its program ended with status 1", True)),
        ("signal 9", ("its program ended with signal 9", True)),
    ],
)
def test_how_a_dead_pane_ended(status: str, ending: tuple[str, bool]) -> None:
    assert replace(INFO, status=status).ending == ending
