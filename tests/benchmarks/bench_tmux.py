"""Looking at 100 panes: one batch over the control client, against a process for each pane.

    python -m tests.benchmarks.bench_tmux [panes]

Prints milliseconds of this machine; the ratio is what counts.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from bot.adapters.clock import SystemClock
from bot.core.ids import PaneKey
from tests.support.tmux import Adapter, RealTmux, running
from tests.support.waiting import spend

ROUNDS = 20


async def milliseconds(action: Callable[[], Awaitable[object]], rounds: int = ROUNDS) -> float:
    clock = SystemClock()
    times = []
    for _ in range(rounds):
        begin = clock.monotonic()
        await action()
        times.append((clock.monotonic() - begin) * 1000)
    return statistics.median(times)


async def by_process(adapter: Adapter, panes: list[PaneKey]) -> None:
    server = adapter.tmux.server
    await server.run("list-panes", "-a")
    for pane in panes:
        await server.run("capture-pane", "-p", "-t", pane.pane)


async def measure(adapter: Adapter, panes: list[PaneKey]) -> None:
    async def together() -> None:
        infos = await adapter.terminal.panes()
        found = await adapter.terminal.capture([info.key for info in infos])
        assert len(found) == len(panes)

    async def press() -> None:
        await adapter.keyboard.press(adapter.press(panes[0], *rows, data=b"x"))

    rows = (await adapter.terminal.capture(panes[:1]))[panes[0].pane].rows
    listing = await milliseconds(adapter.terminal.panes)
    batch = await milliseconds(together)
    single = await milliseconds(lambda: by_process(adapter, panes), rounds=3)
    key = await milliseconds(press)
    sys.stdout.write(
        f"{len(panes)} panes: list {listing:.1f} ms; list and capture {batch:.1f} ms; "
        f"a process each {single:.0f} ms ({single / batch:.0f} times as long); "
        f"a guarded press {key:.1f} ms\n"
    )


async def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        tmux = RealTmux(Path(folder))
        text = "".join(f"row {n} of a screen with some text on it\n" for n in range(45))
        panes = [
            tmux.session(
                f"s{n}", "sh", "-c", 'printf %s "$1"; exec cat', "sh", text, size=(200, 50)
            )
            for n in range(count)
        ]
        try:
            async with running(tmux) as adapter:
                await spend(0.5)
                await measure(adapter, panes)
        finally:
            tmux.kill()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100))
