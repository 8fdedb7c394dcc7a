"""Waiting for tmux's own word that a pane wrote: before a stand-in, and on tmux 3.8 where it is.

Run with a newer tmux first in PATH to try it on that."""

from __future__ import annotations

import asyncio
import stat
import subprocess
import sys
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from bot.adapters.clock import SystemClock
from bot.adapters.tmux.activity import SINCE, ActivityWait
from bot.adapters.tmux.server import TmuxServer, at_least
from bot.ports.terminal import Nudge, NudgeKind
from tests.adapters.tmux.test_terminal import Heard, look, the_pane
from tests.support.tmux import NO_TMUX, RealTmux, running
from tests.support.waiting import spend, until

STAND_IN = """#!{python}
import sys
number = 0
def block(*lines, ok=True):
    global number
    number += 1
    end = "end" if ok else "error"
    sys.stdout.write("".join([f"%begin 1 {{number}} 1\\n", *(f"{{line}}\\n" for line in lines),
                              f"%{{end}} 1 {{number}} 1\\n"]))
    sys.stdout.flush()
sys.stdout.write("%begin 1 0 0\\n%end 1 0 0\\n%session-changed $0 a\\n")
for line in sys.stdin:
    if line.startswith("suspend-client"):
        block()
        number = 0
    elif line.startswith("wait-for"):
        block("unknown flag -E", ok=False) if {refuses} else block()
        while not {refuses} and not open({events!r}).read().startswith("x" * (number // 2 + 1)):
            import time; time.sleep(0.005)
    else:
        block(line.split()[-1])
"""


@dataclass
class Listener:
    gaps: int = 0
    calls: list[str] = field(default_factory=list)

    def armed(self) -> None:
        self.calls.append("armed")

    def unarmed(self) -> None:
        self.calls.append("unarmed")

    def gap(self) -> float:
        self.gaps += 1
        return 0.01


def armed(listener: Listener, times: int) -> bool:
    return listener.calls.count("armed") == times


def stand_in(folder: Path, *, refuses: bool = False) -> tuple[TmuxServer, Path]:
    program, events = folder / "tmux", folder / "events"
    events.write_text("")
    program.write_text(STAND_IN.format(python=sys.executable, refuses=refuses, events=str(events)))
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return TmuxServer(socket_path=folder / "s", binary=str(program)), events


async def test_it_is_armed_again_after_each_event(tmp_path: Path) -> None:
    server, events = stand_in(tmp_path)
    listener = Listener()
    async with asyncio.TaskGroup() as group:
        task = group.create_task(ActivityWait(server, SystemClock()).run(listener))
        for times in (1, 2, 3):
            await until(partial(armed, listener, times))
            await spend(0.03)
            assert listener.calls.count("armed") == times, "only an event arms it again"
            events.write_text("x" * times)
        task.cancel()
    assert listener.calls[-1] == "unarmed"


async def test_a_tmux_that_knows_no_such_event_is_left_alone(tmp_path: Path) -> None:
    server, _ = stand_in(tmp_path, refuses=True)
    listener = Listener()
    await asyncio.wait_for(ActivityWait(server, SystemClock()).run(listener), 20)
    assert listener.calls == ["unarmed"]


def installed() -> str:
    if NO_TMUX:
        return ""
    said = subprocess.run(["tmux", "-V"], capture_output=True, text=True, check=True, timeout=10)
    return said.stdout.strip().removeprefix("tmux ")


newer = pytest.mark.skipif(not at_least(installed(), SINCE), reason="this tmux has no such event")


@pytest.mark.tmux
@newer
async def test_on_a_real_tmux_a_write_is_told_at_once(tmux: RealTmux) -> None:
    clock = SystemClock()
    async with running(tmux, inotify=False) as adapter:
        pane = tmux.session("a")
        info = await the_pane(adapter)
        async with adapter.listening(Heard) as heard:
            await spend(1.0)  # a suspended client is not listed by 3.8
            delays = []
            for turn in range(20):
                heard.nudges.clear()
                begun = clock.monotonic()
                with open(info.tty, "w") as tty:  # noqa: ASYNC230  # a write of a few bytes
                    tty.write(f"turn {turn}\r\n")
                await until(lambda: Nudge(NudgeKind.WROTE, pane.pane) in heard.nudges, every=0.001)
                delays.append(clock.monotonic() - begun)
                assert f"turn {turn}" in (await look(adapter, pane)).rows
                await spend(0.1)
            heard.nudges.clear()
            await spend(0.5)
            assert heard.nudges == [], "nobody wrote"
            assert sorted(delays)[10] < 0.1, "far below the quarter of a second of the marks"
    await until(lambda: not tmux.do("list-clients"))
