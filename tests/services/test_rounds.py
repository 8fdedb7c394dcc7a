"""What is done every so often."""

from __future__ import annotations

from dataclasses import dataclass, field
from inspect import isawaitable
from pathlib import Path

from bot.ports.meter import NoMeter
from tests.support.virtual import virtual
from tests.support.world import World, running


@dataclass
class Depths(NoMeter):
    rows: dict[str, int] = field(default_factory=dict)

    def queued(self, channel: str, rows: int, oldest: float) -> None:
        self.rows[channel] = rows


@virtual
async def test_its_jobs(tmp_path: Path) -> None:
    meter = Depths()
    async with running(World(tmp_path, meter=meter)) as world:
        await world.soon(lambda: world.scheduler.jobs or None, "jobs")
        assert set(world.scheduler.jobs) == {"sweep", "attention", "review", "clean"}
        for job in world.scheduler.jobs.values():
            done = job()
            assert isawaitable(done)
            await done
    assert meter.rows == {"fake": 0}
