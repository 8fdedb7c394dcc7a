from __future__ import annotations

import asyncio
import os
import shutil
import signal
from pathlib import Path

import pytest

from bot.canary.leftovers import end_leftovers


async def test_what_outlives_its_terminal_is_ended_with_all_that_it_has_begun(
    tmp_path: Path,
) -> None:
    stays = "trap '' HUP TERM; sleep 60 & echo; wait"
    mine, theirs = [
        await asyncio.create_subprocess_exec(
            *("sh", "-c", stays), stdout=asyncio.subprocess.PIPE, start_new_session=True
        )
        for _ in range(2)
    ]
    try:
        for process in (mine, theirs):
            assert process.stdout is not None
            await process.stdout.readline()
        ended = await end_leftovers(tmp_path, {mine.pid})
        assert mine.pid in ended
        assert len(ended) == 2
        assert await mine.wait() == -signal.SIGKILL
        assert theirs.returncode is None
    finally:
        os.killpg(theirs.pid, signal.SIGKILL)
        await theirs.wait()


async def test_a_daemon_of_the_trial_is_ended_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    sleep = shutil.which("sleep")
    assert sleep is not None
    trial, other = tmp_path / "trial", tmp_path / "trial-of-another"
    running = []
    for folder in (trial, other):
        folder.mkdir()
        (folder / "sleep").symlink_to(sleep)
        running.append(await asyncio.create_subprocess_exec(str(folder / "sleep"), "60"))
    mine, theirs = running
    try:
        assert await end_leftovers(trial) == (mine.pid,)
        assert await mine.wait() == -signal.SIGTERM
        assert theirs.returncode is None
    finally:
        theirs.terminate()
        await theirs.wait()
