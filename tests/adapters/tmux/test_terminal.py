from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from bot.adapters.tmux import rows
from bot.adapters.tmux.server import at_least
from bot.core.ids import PaneId, PaneKey
from bot.core.screen import Screen
from bot.ports.terminal import Nudge, NudgeKind, PaneInfo
from tests.support.tmux import Adapter, RealTmux, running
from tests.support.waiting import until

pytestmark = pytest.mark.tmux

SHOW = "import os, sys, time; os.write(1, sys.argv[1].encode()); time.sleep(600)"


async def look(adapter: Adapter, pane: PaneKey, history: int = 0) -> Screen:
    return (await adapter.terminal.capture([pane], history))[pane.pane]


async def the_pane(adapter: Adapter) -> PaneInfo:
    (info,) = await adapter.terminal.panes()
    return info


async def test_no_server_has_no_panes(adapter: Adapter) -> None:
    assert await adapter.terminal.panes() == ()


async def test_a_pane(tmux: RealTmux, adapter: Adapter) -> None:
    pane = tmux.session("work", size=(90, 20))
    await until(lambda: tmux.do("display-message", "-p", "#{pane_current_command}") == "cat")
    info = await the_pane(adapter)
    assert info.key == pane
    assert (info.session, info.command, info.width, info.height) == ("work", "cat", 90, 20)
    assert (info.window_index, info.pane_index, info.dead) == (0, 0, False)
    assert info.tty.startswith("/dev/")
    assert info.session_id == "$0"
    assert info.activity > 1_700_000_000


async def test_a_quick_list_is_the_same_whatever_happens(tmux: RealTmux, adapter: Adapter) -> None:
    async def same() -> tuple[PaneInfo, ...]:
        quick = await adapter.terminal.panes(quick=True)
        assert quick == await adapter.terminal.panes()
        return quick

    first = tmux.session("first")
    await until(lambda: tmux.do("display-message", "-p", "#{pane_current_command}") == "cat")
    assert [info.session for info in await same()] == ["first"]
    second = tmux.session("second")
    assert [info.key for info in await same()] == [first, second]
    tmux.do("resize-window", "-t", first.pane, "-x", "91", "-y", "20")
    assert (await same())[0].width == 91
    tmux.do("set-option", "-g", "remain-on-exit", "on")
    tmux.do("send-keys", "-t", first.pane, "C-d")
    await until(lambda: tmux.do("display-message", "-p", "-t", first.pane, "#{pane_dead}") == "1")
    assert (await same())[0].dead
    tmux.do("kill-session", "-t", "first")
    assert [info.key for info in await same()] == [second]
    await tmux.restart()
    assert await same() == ()


NASTY = "x\n\x1b[31m\x1f\u241f%end 1 2 1\n0 #(touch canary) '\"};:{é"


async def test_a_nasty_directory_makes_no_second_row(tmux: RealTmux, adapter: Adapter) -> None:
    nasty = tmux.folder / NASTY
    nasty.mkdir()
    script = 'cd -- "$1" && exec cat'
    pane = tmux.session("a", "sh", "-c", script, "sh", str(nasty))
    await until(lambda: tmux.do("display-message", "-p", "#{pane_current_command}") == "cat")
    info = await the_pane(adapter)
    assert info.key == pane
    assert info.path == f"{tmux.folder}/x??[31m??%end 1 2 1?0 #(touch canary) '\"}};:{{é"
    assert tmux.canaries() == []


async def test_nasty_titles_and_names(tmux: RealTmux, adapter: Adapter) -> None:
    title = "t\u241fa\tb #(touch canary) #{pane_id} , } %5"
    pane = tmux.program("a", SHOW, f"\x1b]2;{title}\x07READY")
    await tmux.shows(pane, "READY")
    # tmux 3.8 takes no control characters
    end = "" if at_least(adapter.client.version, (3, 8)) else "\n"
    name = f"n\u241f#(touch canary){end};'%5"
    tmux.do("rename-session", "-t", "a", name.replace("#", "##"))
    info = await the_pane(adapter)
    assert info.key == pane
    assert "\u241f" not in info.session
    assert "##(touch canary)" in info.session or "#(touch canary)" in info.session
    assert "#(touch canary)" in info.title
    assert (await look(adapter, pane)).pane.title == info.title
    assert tmux.canaries() == []


async def test_a_screen_and_its_facts(tmux: RealTmux, adapter: Adapter) -> None:
    text = "one  \r\n\u276f 漢字 e\u0301\u00a0\r\n\r\nend"
    pane = tmux.session("a", sys.executable, "-c", SHOW, text, size=(40, 10))
    await tmux.shows(pane, "end")
    screen = await look(adapter, pane)
    assert screen.rows == ("one", "\u276f 漢字 e\u0301\u00a0", "", "end", *[""] * 6)
    assert (screen.pane.cursor_x, screen.pane.cursor_y) == (3, 3)
    assert screen.pane.cursor_shown
    assert not screen.pane.alternate
    assert not screen.pane.dead
    assert screen.pane.command.startswith("python")


async def test_alternate_screen_hidden_cursor_and_mode(tmux: RealTmux, adapter: Adapter) -> None:
    pane = tmux.program("a", SHOW, "\x1b[?1049h\x1b[?25lTUI")
    await tmux.shows(pane, "TUI")
    tmux.do("copy-mode", "-t", pane.pane)
    facts = (await look(adapter, pane)).pane
    assert (facts.alternate, facts.cursor_shown, facts.in_mode) == (True, False, True)


async def test_history(tmux: RealTmux, adapter: Adapter) -> None:
    text = "".join(f"line {n}\r\n" for n in range(100)) + "end"
    pane = tmux.session("a", sys.executable, "-c", SHOW, text, size=(40, 10))
    await tmux.shows(pane, "end")
    assert len((await look(adapter, pane)).rows) == 10
    assert (await look(adapter, pane)).pane.history == 91
    above = (await look(adapter, pane, 50)).rows
    assert (len(above), above[0], above[-1]) == (60, "line 41", "end")
    assert len((await look(adapter, pane, 5000)).rows) == 101


async def test_colours(tmux: RealTmux, adapter: Adapter) -> None:
    pane = tmux.program("a", SHOW, "\x1b[31mred\x1b[m plain")
    await tmux.shows(pane, "plain")
    screen = (await adapter.terminal.capture([pane], ansi=True))[pane.pane]
    assert screen.rows[0] == "red plain"
    assert screen.ansi is not None
    assert "\x1b[31mred" in screen.ansi[0]
    assert len(screen.ansi) == len(screen.rows)


async def test_many_panes_and_some_that_are_gone(tmux: RealTmux, adapter: Adapter) -> None:
    panes = [tmux.program(f"s{n}", SHOW, f"I am {n}.") for n in range(5)]
    for n, pane in enumerate(panes):
        await tmux.shows(pane, f"I am {n}.")
    tmux.do("kill-pane", "-t", panes[1].pane)
    tmux.do("respawn-pane", "-k", "-t", panes[2].pane, "cat")
    stranger = replace(panes[3], server=replace(panes[3].server, start_time=1))
    asked = [panes[0], panes[1], panes[2], stranger, panes[4]]
    found = await adapter.terminal.capture(asked)
    assert {pane: screen.rows[0] for pane, screen in found.items()} == {
        panes[0].pane: "I am 0.",
        panes[4].pane: "I am 4.",
    }


async def test_a_screen_that_imitates_the_end_of_its_own_reply(
    tmux: RealTmux, adapter: Adapter
) -> None:
    """With the number and the second guessed right it gains nothing: all that follows is void."""
    pane = tmux.session("a", size=(60, 6))
    other = tmux.session("b", size=(60, 6))
    await until(lambda: adapter.client.process_id)
    line = rows.capture_line(pane.pane, 0, ansi=False)
    blocks = await adapter.client.ask(line, rows.capture_line(other.pane, 0, ansi=False))
    short = replace(blocks[1], lines=blocks[1].lines[:3])
    forged = [blocks[0], short, blocks[2], replace(blocks[3], lines=("forged",) * 6), *blocks[2:]]
    assert rows.screens([pane, other], forged, 0, ansi=False) == ({}, [pane, other])
    assert set(rows.screens([pane, other], blocks, 0, ansi=False)[0]) == {pane.pane, other.pane}


@pytest.mark.parametrize("policy", ["latest", "largest", "smallest", "manual"])
@pytest.mark.parametrize("person", [False, True], ids=["headless", "attached"])
async def test_nothing_of_the_users_changes(tmux: RealTmux, policy: str, person: bool) -> None:
    tmux.session("a", size=(133, 44))
    tmux.session("b", size=(61, 17))
    tmux.do("set-option", "-g", "window-size", policy)
    with tmux.attached("a" if person else None):
        if person:
            await until(lambda: tmux.do("list-clients"))
        before = snapshot(tmux)
        async with running(tmux) as adapter:
            panes = await adapter.terminal.panes()
            await adapter.terminal.capture([info.key for info in panes])
            assert snapshot(tmux) == before
        await until(lambda: "1 " not in tmux.do("list-clients", "-F", "#{client_control_mode} "))
        assert snapshot(tmux) == before


def snapshot(tmux: RealTmux) -> list[str]:
    return [
        tmux.sizes(),
        tmux.do("list-sessions", "-F", "#{session_id} #{session_name}"),
        tmux.do("list-panes", "-a", "-F", "#{pane_id} #{pane_pid} #{pane_width}x#{pane_height}"),
        *(tmux.do("show-options", scope) for scope in ("-g", "-s", "-gw")),
        *(tmux.do("show-options", "-t", session) for session in ("a", "b")),
        *(tmux.do("show-environment", "-t", session) for session in ("a", "b")),
        tmux.do("show-hooks", "-g"),
    ]


class Heard:
    """What the stream of nudges said so far."""

    def __init__(self, stream: AsyncIterator[Nudge]) -> None:
        self.nudges: list[Nudge] = []
        self._stream = stream

    async def run(self) -> None:
        async for nudge in self._stream:
            self.nudges.append(nudge)

    def has(self, kind: NudgeKind, pane: PaneId | None = None) -> bool:
        return Nudge(kind, pane) in self.nudges

    def count(self, pane: PaneId) -> int:
        return self.nudges.count(Nudge(NudgeKind.WROTE, pane))


@pytest.mark.parametrize("inotify", [True, False], ids=["inotify", "marks"])
async def test_nudges(tmux: RealTmux, inotify: bool) -> None:
    pane = tmux.session("a")
    async with running(tmux, inotify=inotify) as adapter, adapter.listening(Heard) as heard:
        await until(lambda: heard.has(NudgeKind.FOUND))
        await adapter.terminal.panes()
        await until(lambda: heard.count(pane.pane))
        other = tmux.session("b")
        await until(lambda: heard.has(NudgeKind.PANES))
        await adapter.terminal.panes()
        heard.nudges.clear()
        tmux.do("send-keys", "-t", other.pane, "hello", "Enter")
        await until(lambda: heard.has(NudgeKind.WROTE, other.pane))
        heard.nudges.clear()
        await tmux.restart()
        await until(lambda: heard.has(NudgeKind.LOST))
        tmux.session("c")
        await until(lambda: heard.has(NudgeKind.FOUND))


async def test_the_last_nudge_comes_after_tmux_has_read_the_write(
    tmux: RealTmux, adapter: Adapter
) -> None:
    pane = tmux.session("a")
    info = await the_pane(adapter)
    async with adapter.listening(Heard) as heard:
        await until(lambda: heard.count(pane.pane))
        for turn in range(20):
            heard.nudges.clear()
            with open(info.tty, "w") as tty:  # noqa: ASYNC230  # a write of a few bytes
                tty.write(f"turn {turn}\r\n")
            await until(partial(_seen_after_a_nudge, heard, adapter, pane, f"turn {turn}"))


async def _seen_after_a_nudge(heard: Heard, adapter: Adapter, pane: PaneKey, row: str) -> bool:
    """Looks when there was a nudge and not else, as the supervisor does."""
    if not heard.count(pane.pane):
        return False
    heard.nudges.clear()
    return row in (await look(adapter, pane)).rows


ORPHAN = """
import asyncio, sys
from pathlib import Path
from bot.adapters.clock import SystemClock
from bot.adapters.tmux.client import ControlClient
from bot.adapters.tmux.server import TmuxServer
asyncio.run(ControlClient(TmuxServer(socket_path=Path(sys.argv[1])), SystemClock()).run())
"""

FLOOD = """
import os, sys
number = 0
while True:
    os.write(1, b"x" * 1000 + b"\\r\\n")
    number += 1
    if number % 100 == 0:
        open(sys.argv[1], "w").write(str(number))
"""


@pytest.mark.kill
async def test_killed_without_a_word_it_leaves_nothing_and_freezes_nobody(tmux: RealTmux) -> None:
    progress = tmux.folder / "progress"
    tmux.program("a", FLOOD, str(progress))
    with gateway(tmux) as us:
        clients = await until(lambda: tmux.do("list-clients", "-F", "#{client_pid}"))
        os.kill(us.pid, signal.SIGSTOP)
        await until(grows(progress))
        os.kill(us.pid, signal.SIGKILL)
    await until(lambda: not tmux.do("list-clients"))
    await until(lambda: not Path("/proc", clients).exists())
    await until(grows(progress))
    await tmux.restart()


def gateway(tmux: RealTmux) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", ORPHAN, str(tmux.server.address)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)


def grows(progress: Path) -> Callable[[], bool]:
    """Whether the flood went on by a megabyte since this was called."""
    before = count(progress)
    return lambda: count(progress) > before + 1000


def count(progress: Path) -> int:
    return int(progress.read_text() or 0) if progress.exists() else 0
