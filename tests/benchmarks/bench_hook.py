"""How long an agent waits for ``wingman-hook``: from the start of its process to its end.

    python -m tests.benchmarks.bench_hook [runs]

Every round does each thing once, one after the other, so that a busy moment of the machine falls
on all of them; what Python itself takes in the same rounds is what the others are measured by.
Prints the rows of docs/reference/benchmarks.md.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path

from bot.adapters.clock import SystemClock
from bot.ports.hooks import HookCall
from tests.support.hookprogram import ALLOW, listening, rogue, run

RUNS = 200
STOP = {"hook_event_name": "Stop", "last_assistant_message": "Done."}
BARE = "Python itself (`-S -E -c pass`)"

Action = Callable[[], Awaitable[object]]


async def answers(call: HookCall) -> None:
    await call.answer(ALLOW)


async def hangs(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A gateway that takes what it is told and never says a word."""
    await reader.read()


async def bare() -> object:
    """What no program in Python can be faster than."""
    argv = [sys.executable, "-S", "-E", "-c", "pass"]
    return await asyncio.to_thread(subprocess.run, argv, check=True)


async def times(actions: Mapping[str, Action], runs: int) -> dict[str, list[float]]:
    """Milliseconds of each, in ascending order."""
    clock = SystemClock()
    taken: dict[str, list[float]] = {name: [] for name in actions}
    for _ in range(runs):
        for name, action in actions.items():
            begin = clock.monotonic()
            await action()
            taken[name].append((clock.monotonic() - begin) * 1000)
    return {name: sorted(one) for name, one in taken.items()}


def rows(taken: Mapping[str, list[float]]) -> list[str]:
    def at(name: str, part: float) -> float:
        return taken[name][min(len(taken[name]) - 1, int(len(taken[name]) * part))]

    return [
        f"| {name} | {one[0]:.0f} | {at(name, 0.5):.0f} | {at(name, 0.99):.0f} "
        f"| {one[0] / taken[BARE][0]:.1f} | {at(name, 0.5) / at(BARE, 0.5):.1f} |\n"
        for name, one in taken.items()
    ]


async def main(runs: int) -> None:
    async with AsyncExitStack() as stack:
        up, none, hung = (
            Path(stack.enter_context(tempfile.TemporaryDirectory())) for _ in range(3)
        )
        gateway = await stack.enter_async_context(listening(up))
        gateway.handle = answers
        await stack.enter_async_context(rogue(hung, hangs))
        actions: dict[str, Action] = {
            BARE: bare,
            "a decision that is there at once": lambda: run(up),
            "an event is told": lambda: run(up, STOP),
            "no gateway: no decision": lambda: run(none),
            "a gateway that hangs, an event": lambda: run(hung, STOP),
            "a gateway that hangs, no decision": lambda: run(hung),
        }
        sys.stdout.write("".join(rows(await times(actions, runs))))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS))
