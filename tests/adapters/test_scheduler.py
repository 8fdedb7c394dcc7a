"""Jobs come round, are never dropped for being late, and end without noise."""

import asyncio
import logging

import pytest

from bot.adapters.scheduler import ApScheduler
from tests.support.waiting import until


async def test_a_job_comes_round_until_it_is_stopped() -> None:
    runs: list[int] = []

    async def job() -> None:
        runs.append(1)

    scheduler = ApScheduler()
    scheduler.every("sweep", 0.02, job)
    scheduler.start()
    await until(lambda: len(runs) >= 3)
    scheduler.stop()


async def test_the_same_name_replaces_the_job() -> None:
    runs: list[str] = []

    async def old() -> None:
        runs.append("old")

    async def new() -> None:
        runs.append("new")

    scheduler = ApScheduler()
    scheduler.start()
    scheduler.every("sweep", 0.02, old)
    scheduler.every("sweep", 0.02, new)
    await until(lambda: len(runs) >= 2)
    scheduler.stop()
    assert "old" not in runs


async def test_stopping_in_the_middle_of_a_job_is_no_failure(
    caplog: pytest.LogCaptureFixture,
) -> None:
    begun = asyncio.Event()

    async def endless() -> None:
        begun.set()
        await asyncio.Event().wait()

    scheduler = ApScheduler()
    scheduler.every("sweep", 0.01, endless)
    scheduler.start()
    await begun.wait()
    scheduler.stop()
    await until(lambda: True)

    assert not [r for r in caplog.records if r.levelno >= logging.ERROR]


def test_stopping_what_never_started() -> None:
    ApScheduler().stop()
