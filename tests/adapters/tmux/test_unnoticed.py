"""What a person sees of tmux is the same whether or not we watch: played twice, and compared."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from bot.adapters.tmux.server import at_least
from bot.ports.terminal import NudgeKind
from tests.adapters.tmux.test_terminal import Heard
from tests.support.tmux import NO_TMUX, RealTmux, running
from tests.support.waiting import spend, until

pytestmark = [pytest.mark.tmux, pytest.mark.skipif(bool(NO_TMUX), reason=NO_TMUX)]

TAKES = 4
WINDOWS = (
    "#{window_id} #{window_flags} #{window_bell_flag}#{window_activity_flag} #{window_active} "
    "#{window_width}x#{window_height} #{window_zoomed_flag} #{window_layout}"
)
PANES = "#{pane_id} #{pane_active} #{pane_in_mode} #{scroll_position} #{pane_pipe} #{cursor_y}"
SESSIONS = "#{session_name} #{session_attached} #{session_alerts} #{session_windows}"
CLIENTS = (
    "#{client_control_mode} #{client_session} #{client_width}x#{client_height} "
    "#{client_readonly} #{client_key_table} #{client_flags}"
)


@pytest.fixture
def folders(tmp_path: Path) -> list[Path]:
    made = [tmp_path / "alone", tmp_path / "beside"]
    for folder in made:
        folder.mkdir()
    return made


def seen(tmux: RealTmux) -> dict[str, list[str]]:
    shown = {
        "windows": tmux.do("list-windows", "-a", "-F", WINDOWS),
        "panes": tmux.do("list-panes", "-a", "-F", PANES),
        "sessions": tmux.do("list-sessions", "-F", SESSIONS),
        "buffers": tmux.do("list-buffers", "-F", "#{buffer_name} #{buffer_sample}"),
        "clients": tmux.do("list-clients", "-F", CLIENTS),
    }
    lines = {name: text.splitlines() for name, text in shown.items()}
    lines["clients"] = [line for line in lines["clients"] if line.startswith("0")]
    return lines


async def furnish(tmux: RealTmux, piped: Path) -> None:
    """Three sessions: of two windows and three panes, with a mode, and with a pipe of its own."""
    first = tmux.session("a", size=(90, 30))
    tmux.do("new-window", "-d", "-t", "a", "exec cat")
    tmux.do("split-window", "-d", "-t", first.pane, "exec cat")
    tmux.do("resize-pane", "-Z", "-t", first.pane)
    read = tmux.session("b", "sh", "-c", "seq 200; exec cat", size=(70, 20))
    tmux.do("set-buffer", "-b", "mine", "kept")
    await tmux.shows(read, "200")
    tmux.do("copy-mode", "-t", read.pane)
    tmux.do("send-keys", "-t", read.pane, "-X", "-N", "5", "scroll-up")
    own = tmux.session("c", size=(61, 17))
    tmux.do("pipe-pane", "-t", own.pane, f"exec cat > {piped}")
    tmux.do("set-option", "-g", "monitor-activity", "on")


async def ring(tmux: RealTmux, *sessions: str) -> None:
    """Until tmux has taken in all of it."""
    for session in sessions:
        shown = tmux.do("list-panes", "-s", "-t", session, "-F", "#{pane_id} #{pane_tty}")
        for pane, tty in (line.split() for line in shown.splitlines()):
            before = hellos(tmux, pane)
            say(tty)
            await until(partial(heard, tmux, pane, before))


def say(tty: str) -> None:
    Path(tty).write_text("\ahello\r\n")


def hellos(tmux: RealTmux, pane: str) -> int:
    return tmux.do("capture-pane", "-p", "-t", pane).count("hello")


def heard(tmux: RealTmux, pane: str, before: int) -> bool:
    return hellos(tmux, pane) > before


@contextlib.asynccontextmanager
async def watched(tmux: RealTmux, *, watch: int, inotify: bool) -> AsyncIterator[None]:
    if not watch:
        yield
        return
    async with running(tmux, inotify=inotify) as adapter, adapter.listening(Heard) as heard:
        await until(lambda: any(nudge.kind is NudgeKind.FOUND for nudge in heard.nudges))
        panes = await adapter.terminal.panes()
        await adapter.terminal.capture([info.key for info in panes], 500)
        yield
        await adapter.terminal.capture([info.key for info in panes], ansi=True)
        assert any(nudge.kind is NudgeKind.WROTE for nudge in heard.nudges)


async def played(
    folder: Path, person: str | None, *, watch: int, inotify: bool
) -> list[dict[str, list[str]] | str]:
    tmux, piped = RealTmux(folder), folder / "piped"
    found: list[dict[str, list[str]] | str] = []
    try:
        await furnish(tmux, piped)
        await spend(0.3)
        with tmux.attached(person):
            await until(lambda: person is None or tmux.do("list-clients"))
            await ring(tmux, "a", "b")  # where every session has marks, one would lose them
            await spend(0.3)
            found.append(seen(tmux))
            async with watched(tmux, watch=watch, inotify=inotify):
                await spend(0.3)
                found.append(seen(tmux))
                for session in "abc":
                    tmux.do("kill-session", "-C", "-t", session)
                await ring(tmux, *"abc")
                await spend(0.3)
                found.append(seen(tmux))
            await until(lambda: piped.read_text().count("hello") == 1)
            await spend(0.3)
            found += [seen(tmux), piped.read_text()]
    finally:
        tmux.kill()
    return found


async def both_played(
    folders: list[Path], person: str | None, *, inotify: bool
) -> list[list[dict[str, list[str]] | str]]:
    """Alone, and beside us. Now and then tmux (3.3a) gives a window no marks also where nobody
    watches: a difference counts if it is there each time."""
    both: list[list[dict[str, list[str]] | str]] = []
    for take in range(TAKES):
        both = []
        for watch, folder in enumerate(folders):
            (folder / str(take)).mkdir()
            both.append(await played(folder / str(take), person, watch=watch, inotify=inotify))
        if both[0] == both[1]:
            break
    return both


@pytest.mark.parametrize("person", [None, "a", "b"], ids=["headless", "at a", "at b"])
async def test_nobody_can_tell(folders: list[Path], person: str | None) -> None:
    alone, beside = await both_played(folders, person, inotify=True)
    assert beside == alone
    first = alone[2]
    assert isinstance(first, dict)
    assert sum("!" in line and "#" in line for line in first["windows"]) >= 3
    assert any(line.split()[2] == "1" for line in first["panes"])


async def test_nobody_can_tell_where_tmux_itself_tells_of_writes(folders: list[Path]) -> None:
    """From 3.8 on with a second client."""
    alone, beside = await both_played(folders, None, inotify=False)
    assert beside == alone


async def test_a_session_without_marks_is_attached_to(tmp_path: Path) -> None:
    tmux = RealTmux(tmp_path)
    try:
        for name in ("marked", "clean", "newest"):
            tmux.session(name)
        tmux.do("set-option", "-g", "monitor-activity", "on")
        await ring(tmux, "marked", "newest")
        await until(lambda: tmux.do("list-windows", "-a", "-F", "#F").count("!") == 2)
        async with running(tmux) as adapter:
            await until(lambda: adapter.client.key)
            if not at_least(adapter.client.version, (3, 8)):  # it does not list suspended ones
                assert tmux.do("list-clients", "-F", "#{client_session}") == "clean"
            assert tmux.do("list-windows", "-a", "-F", "#F").count("!") == 2
    finally:
        tmux.kill()
