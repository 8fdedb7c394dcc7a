"""How soon, how many at once, and what is found without a hint."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from bot.core.lifecycle import Phase
from bot.ports.meter import NoMeter
from tests.support.virtual import virtual
from tests.support.world import World, running


def phase(world: World, name: str) -> Phase | None:
    return next((s.phase for s in world.services.roster.all() if s.name == name), None)


@dataclass
class Figures(NoMeter):
    found: list[int] = field(default_factory=list)
    late: list[float] = field(default_factory=list)

    def swept(self, found: int) -> None:
        self.found.append(found)

    def noticed(self, seconds: float) -> None:
        self.late.append(seconds)


@virtual
async def test_the_sweep_counts_what_no_hint_had_told_of(tmp_path: Path) -> None:
    figures = Figures()
    async with running(World(tmp_path, meter=figures)) as world:
        pane = world.session("shop")
        await world.known("shop")
        await world.passes(1)
        await world.sweeps()
        assert figures.found[-1] == 0

        pane.agent.ask("make")
        await world.sweeps()
        await world.card("make")
        assert figures.found[-1] == 1

        await world.sweeps()
        assert figures.found[-1] == 0


@virtual
async def test_what_a_person_waits_for_is_told_at_once(tmp_path: Path) -> None:
    figures = Figures()
    async with running(World(tmp_path, meter=figures)) as world:
        pane = world.session("shop")
        await world.known("shop")
        await world.passes(1)
        pane.agent.ask("make")
        world.tmux.wrote(pane)
        await world.card("make")
    assert len(figures.late) == 1
    assert figures.late[0] < 0.02


@virtual
async def test_many_panes_are_taken_on_together(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        for number in range(250):
            world.session(f"s{number}")
        await world.soon(
            lambda: phase(world, "s249") is Phase.IDLE or None, "the last of many sessions"
        )
        assert len(world.services.roster.live()) == 250
