"""Replies as tmux gives them; the formats themselves are tried in test_terminal.py."""

from __future__ import annotations

import pytest

from bot.adapters.tmux import rows
from bot.adapters.tmux.control import Block
from bot.core.ids import PaneId, PaneKey, ServerKey

KEY = PaneKey(ServerKey(10, 1000), PaneId("%5"), 77)


def row(*fields: object) -> str:
    return "\u241f".join(map(str, fields))


def facts(height: int = 2, history: int = 1) -> Block:
    shown = row(10, 1000, "%5", 77, 3, 2, 1, 80, height, history, 0, 1, 0, "claude", "title")
    return Block(1, (shown,), ok=True)


def test_a_pane() -> None:
    listed = row(10, 1000, "%5", 77, "$1", 0, 1, 80, 24, "/dev/pts/3", 1, 99, "1", "", *"scpt")
    (info,) = rows.pane_infos([listed, "half a row"])
    assert info.key == KEY
    assert (info.session_id, info.window_index, info.pane_index) == ("$1", 0, 1)
    assert (info.width, info.height, info.tty, info.activity) == (80, 24, "/dev/pts/3", 99)
    assert info.dead
    assert (info.session, info.command, info.path, info.title) == tuple("scpt")
    assert rows.brief(info) == "77 $1 0 1 80 24 /dev/pts/3 1"


def test_a_dead_pane_of_tmux_3_8_has_no_process() -> None:
    listed = row(10, 1000, "%5", "", "$1", 0, 1, 80, 24, "/dev/pts/3", 1, 99, "3", "", *"scpt")
    (info,) = rows.pane_infos([listed])
    assert (info.key.pane, info.key.pid, info.dead) == ("%5", 0, True)
    assert rows.brief(info) == " $1 0 1 80 24 /dev/pts/3 1"


def test_a_screen() -> None:
    found, doubtful = rows.screens(
        [KEY], [facts(), Block(2, ("one  ", "two"), ok=True)], 0, ansi=False
    )
    assert doubtful == []
    screen = found[KEY.pane]
    assert screen.rows == ("one", "two")
    assert (screen.pane.command, screen.pane.title) == ("claude", "title")
    assert (screen.pane.width, screen.pane.height) == (80, 2)
    assert (screen.pane.cursor_x, screen.pane.cursor_y, screen.pane.history) == (3, 2, 1)
    assert (screen.pane.in_mode, screen.pane.dead, screen.pane.alternate) == (True, False, False)


def test_a_reply_of_the_wrong_height_is_not_believed() -> None:
    blocks = [facts(), Block(2, ("one",), ok=True)]
    assert rows.screens([KEY], blocks, 0, ansi=False) == ({}, [KEY])
    blocks = [facts(), Block(2, ("zero", "one", "two"), ok=True)]
    assert rows.screens([KEY], blocks, 0, ansi=False) == ({}, [KEY])
    assert KEY.pane in rows.screens([KEY], blocks, 50, ansi=False)[0]


def test_a_pane_that_is_gone_costs_the_others_nothing() -> None:
    gone = Block(1, (row(10, 1000, *[""] * 13),), ok=True)
    error = Block(2, ("can't find pane: %4",), ok=False)
    other = PaneKey(KEY.server, PaneId("%4"), 1)
    rest = [facts(), Block(4, ("one", "two"), ok=True)]
    found, doubtful = rows.screens([other, KEY], [gone, error, *rest], 0, ansi=True)
    assert (found, doubtful) == ({}, [KEY])
    rest.append(Block(5, ("one", "two"), ok=True))
    assert set(rows.screens([other, KEY], [gone, error, *rest], 0, ansi=True)[0]) == {KEY.pane}


def test_a_batch_cut_short() -> None:
    assert rows.screens([KEY], [facts()], 0, ansi=False) == ({}, [KEY])
    assert rows.screens([KEY], [], 0, ansi=False) == ({}, [KEY])


def test_a_line_that_asks_for_it() -> None:
    line = rows.capture_line(PaneId("%5"), 50, ansi=True)
    assert line.endswith("capture-pane -p -S -50 -t %5 ; capture-pane -p -e -S -50 -t %5")
    assert "\n" not in line + rows.LIST_PANES


@pytest.mark.parametrize(
    ("status", "signal", "ending"),
    [
        ("", "", ("its program has ended", False)),
        ("0", "", ("its program has ended", False)),
        ("1", "", ("its program ended with status 1", True)),
        ("", "9", ("its program ended with signal 9", True)),
    ],
)
def test_how_a_dead_pane_ended(status: str, signal: str, ending: tuple[str, bool]) -> None:
    listed = row(10, 1000, "%5", 77, "$1", 0, 1, 80, 24, "/p", 1, 99, status, signal, *"scpt")
    (info,) = rows.pane_infos([listed])
    assert info.ending == ending
