"""How long an agent waits for ``wingman-hook``: from the start of its process to its end.

    python -m tests.benchmarks.bench_hook [runs]

Prints the rows of docs/reference/benchmarks.md.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from bot.adapters.clock import SystemClock
from bot.ports.hooks import HookCall
from tests.support.hookprogram import ALLOW, ASKS, listening, run

RUNS = 200
STOP = {"hook_event_name": "Stop", "last_assistant_message": "Done."}


async def answers(call: HookCall) -> None:
    await call.answer(ALLOW)


async def bare() -> object:
    """What no program in Python can be faster than."""
    argv = [sys.executable, "-I", "-S", "-c", "pass"]
    return await asyncio.to_thread(subprocess.run, argv, check=True)


async def times(action: Callable[[], Awaitable[object]], runs: int) -> list[float]:
    clock = SystemClock()
    taken = []
    for _ in range(runs):
        begin = clock.monotonic()
        await action()
        taken.append((clock.monotonic() - begin) * 1000)
    return sorted(taken)


def row(name: str, taken: Sequence[float]) -> str:
    p50, p99 = (taken[min(len(taken) - 1, int(len(taken) * part))] for part in (0.5, 0.99))
    return f"| {name} | {taken[0]:.0f} | {p50:.0f} | {p99:.0f} |\n"


async def main(runs: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder)
        rows = [row("Python itself (`-I -S -c pass`)", await times(bare, runs))]
        nobody = await times(lambda: run(state), runs)
        rows.append(row("no gateway: no decision", nobody))
        async with listening(state) as gateway:
            gateway.handle = answers
            rows.append(row("an event is told", await times(lambda: run(state, STOP), runs)))
            decided = await times(lambda: run(state, ASKS), runs)
            rows.append(row("a decision that is there at once", decided))
    sys.stdout.write("".join(rows))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS))
