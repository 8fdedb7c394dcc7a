from __future__ import annotations

import asyncio
import os
import signal
import sys

from bot.adapters.tmux.remains import GRACE, LAST, end_group
from tests.support.clock import FakeClock


async def group_of(script: str) -> asyncio.subprocess.Process:
    """A program in a group of its own that has said that it is ready."""
    process = await asyncio.create_subprocess_exec(
        *("sh", "-c", script), stdout=asyncio.subprocess.PIPE, start_new_session=True
    )
    assert process.stdout is not None
    await process.stdout.readline()
    return process


async def ended(process: asyncio.subprocess.Process, after: float) -> int:
    clock = FakeClock()
    async with asyncio.TaskGroup() as group:
        ending = group.create_task(end_group(process.pid, clock))
        await clock.advance(after - 0.1)
        assert not ending.done()
        assert process.returncode is None
        await clock.advance(0.2)
        status = await process.wait()
        await clock.advance(GRACE + LAST)
        assert ending.done()
    return status


async def test_what_does_not_end_by_itself_is_asked_to() -> None:
    process = await group_of("echo; exec sleep 600")

    assert await ended(process, GRACE) == -signal.SIGTERM


async def test_what_does_not_listen_is_ended() -> None:
    process = await group_of("trap '' TERM; echo; while :; do sleep 1; done")

    assert await ended(process, GRACE + LAST) == -signal.SIGKILL


async def test_what_has_ended_is_not_waited_for() -> None:
    process = await group_of("echo")
    await process.wait()

    await end_group(process.pid, FakeClock())


async def test_what_has_a_group_of_its_own_goes_on() -> None:
    """Such as a server that the agent was asked to leave running."""
    server = (
        "import os, signal; os.setsid(); print(os.getpid(), flush=True); "
        "os.close(1); os.close(2); signal.pause()"
    )
    process = await asyncio.create_subprocess_exec(
        *("sh", "-c", f"{sys.executable} -c '{server}' & exec sleep 600"),
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdout is not None
    left = int(await process.stdout.readline())

    try:
        assert await ended(process, GRACE) == -signal.SIGTERM
    finally:
        os.kill(left, signal.SIGKILL)  # raises where it is not there any more
