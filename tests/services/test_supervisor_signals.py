"""Signals on panes that are drawn as agents draw them: each is told once, and nothing else is."""

from __future__ import annotations

import asyncio
import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.agents import claude, generic
from bot.core.attention.rules import Rules
from bot.core.reading import Reader
from tests.support.canvas import HEIGHT, WIDTH, Canvas, dialog
from tests.support.faketmux import FakePane
from tests.support.virtual import virtual
from tests.support.world import World, running

ANY_NUMBER = Rules(budget=10_000, session_budget=10_000)
READER = Reader((claude.AGENT, generic.AGENT))
_TAG = re.compile(r"\b(?:ev|no)\d{3}\b")

Frames = list[Callable[[Canvas], None]]


def world_of(path: Path) -> World:
    return World(path, rules=ANY_NUMBER, reader=READER, agents={"claude": claude.AGENT})


def pane_of(world: World, name: str, command: str = "claude") -> tuple[FakePane, Canvas]:
    canvas = Canvas()
    pane = world.session(name, canvas)
    pane.command, pane.size = command, (WIDTH, HEIGHT)
    return pane, canvas


def told(world: World) -> Counter[str]:
    """How many messages there are about each tag."""
    texts = [bubble.text for bubble in world.phone.bubbles]
    return Counter(tag for text in texts for tag in set(_TAG.findall(text)))


def drawn(at: int, *lines: str) -> Callable[[Canvas], None]:
    return lambda canvas: canvas.draw(at, *lines)


def printed(line: str) -> Callable[[Canvas], None]:
    """Below the spinner, at the left edge: by an agent without its screen."""

    def show(canvas: Canvas) -> None:
        canvas.rows[32] = line

    return show


FORMS: dict[str, Callable[[str], Frames]] = {
    "plain": lambda tag: [printed(f":::DONE:{tag} all tests pass:::")],
    "said": lambda tag: [
        drawn(
            5, "● All work is finished.", "", f"  :::DONE:{tag} refactored, and ran the tests:::"
        )
    ],
    "in two writes": lambda tag: [
        drawn(3, f"  :::HELP:{tag} which data"),
        drawn(3, f"  :::HELP:{tag} which database shall I use? see https://x.test/a:::"),
    ],
    "wrapped": lambda tag: [
        drawn(
            3,
            "● Summary below.",
            "",
            f"  :::DONE:{tag} refactored the billing module, moved 14 files",
            "  and ran the suite: 312 passed, 0 failed:::",
        )
    ],
    "dialog": lambda tag: [drawn(12, *dialog(f"rm build/{tag}"))],
    "typed": lambda tag: [drawn(20, f"\u276f print :::DONE:{tag}::: when you are finished")],
    "shown": lambda tag: [
        drawn(0, f"  12 - `:::DONE:{tag}:::` - task complete", "  13 - `:::HELP:question:::`")
    ],
}
DECOYS = ("typed", "shown")
EVENTS = tuple(form for form in FORMS if form not in DECOYS)


@dataclass
class Play:
    """Busy, then an event, then silence until it is told; then the same drawn once more."""

    world: World
    rng: random.Random

    async def run(self, pane: FakePane, canvas: Canvas, form: str, tag: str) -> None:
        for turn in range(self.rng.randint(2, 9)):
            await self.writes(pane, canvas, lambda c, turn=turn: c.spin(turn))  # type: ignore[misc]
            await self.world.passes(1 / 9)
        frames = FORMS[form](tag)
        for frame in frames:
            await self.writes(pane, canvas, frame)
            await self.world.passes(0.02)
        deadline = self.world.clock.monotonic() + 15
        while form in EVENTS and not told(self.world)[tag]:
            assert self.world.clock.monotonic() < deadline, f"{form} {tag} was not told"
            await self.world.passes(0.05)
        await self.world.passes(0.2)
        await self.writes(pane, canvas, drawn(0))
        await self.world.passes(self.rng.choice((0.0, 0.002, 0.03)))
        for frame in frames:
            await self.writes(pane, canvas, frame)
        await self.world.passes(0.3)
        await self.writes(pane, canvas, drawn(5, "● working on the next thing"))

    async def writes(
        self, pane: FakePane, canvas: Canvas, frame: Callable[[Canvas], None]
    ) -> None:
        frame(canvas)
        self.world.tmux.wrote(pane)


@virtual
async def test_every_event_once_and_no_decoy_from_the_first_second_on(tmp_path: Path) -> None:
    world, rng = world_of(tmp_path), random.Random(11)
    panes = [pane_of(world, f"agent-{number}") for number in range(12)]
    play, free = Play(world, rng), asyncio.Queue[int]()
    for number in range(len(panes)):
        free.put_nowait(number)
    expected = Counter[str]()

    async def one(form: str, tag: str, number: int) -> None:
        await play.run(*panes[number], form, tag)
        free.put_nowait(number)

    async with running(world), asyncio.TaskGroup() as group:
        for number in range(60):
            form = rng.choice(DECOYS) if number % 6 == 5 else EVENTS[number % len(EVENTS)]
            tag = f"{'no' if form in DECOYS else 'ev'}{number:03}"
            if form in EVENTS:
                expected[tag] = 1
            group.create_task(one(form, tag, await free.get()))
            await world.passes(rng.expovariate(4.0))
    assert told(world) == expected


@virtual
async def test_what_is_printed_while_its_screen_settles_for_the_first_time(tmp_path: Path) -> None:
    world = world_of(tmp_path)
    pane, canvas = pane_of(world, "shop")
    canvas.draw(5, "● :::DONE:no001 yesterday:::")
    async with running(world):
        await world.services.supervisor.begun.wait()
        canvas.draw(5, "● :::DONE:no001 yesterday:::", "", "● :::DONE:ev002 now:::")
        world.tmux.wrote(pane)
        await world.soon(lambda: told(world)["ev002"] or None, "what it said")
        await world.sweeps()
        await world.passes(1)
        assert told(world) == {"ev002": 1}


@virtual
async def test_in_a_pane_that_came_while_we_looked_all_is_news(tmp_path: Path) -> None:
    world = world_of(tmp_path)
    _, old = pane_of(world, "old", "sh")
    old.draw(0, "$ make", ":::DONE:no001:::", "$")
    async with running(world):
        await world.soon(lambda: world.services.roster.live() or None, "a session")
        await world.passes(1)
        _, canvas = pane_of(world, "job", "sh")
        canvas.draw(0, ":::DONE:ev002 built:::")
        await world.soon(lambda: told(world)["ev002"] or None, "what it printed")
        await world.sweeps()
        assert told(world) == {"ev002": 1}


@virtual
async def test_the_same_words_in_each_of_three_turns(tmp_path: Path) -> None:
    world = world_of(tmp_path)
    pane, canvas = pane_of(world, "shop")
    async with running(world):
        await world.soon(lambda: world.services.roster.live() or None, "a session")
        await world.passes(1)
        shown: list[str] = []
        for turn in range(1, 4):
            shown += ["\u276f go on", ""]
            canvas.rest(*shown)
            canvas.spin(turn)
            world.tmux.wrote(pane)
            await world.passes(2)
            shown += ["● :::DONE:ev001 all done:::", ""]
            canvas.rest(*shown)
            world.tmux.wrote(pane)
            await world.passes(2)
            assert told(world) == {"ev001": turn}


@virtual
async def test_two_turns_with_the_same_words_between_two_looks(tmp_path: Path) -> None:
    world = world_of(tmp_path)
    pane, canvas = pane_of(world, "shop")
    async with running(world):
        await world.soon(lambda: world.services.roster.live() or None, "a session")
        await world.passes(1)
        canvas.rest(
            "\u276f fix it",
            "",
            "● :::DONE:ev001:::",
            "",
            "\u276f test it",
            "",
            "● :::DONE:ev001:::",
        )
        world.tmux.wrote(pane)
        await world.passes(2)
        assert told(world) == {"ev001": 2}


@virtual
async def test_several_within_one_second_and_within_one_look(tmp_path: Path) -> None:
    world = world_of(tmp_path)
    pane, canvas = pane_of(world, "shop")
    async with running(world):
        await world.soon(lambda: world.services.roster.live() or None, "a session")
        await world.passes(1)
        shown = ["● :::DONE:ev001 one:::", "", "● :::DONE:ev002 two:::"]
        for more in ("● :::DONE:ev003 three:::", "● :::HELP:ev004 four?:::"):
            canvas.draw(0, *shown)
            world.tmux.wrote(pane)
            await world.passes(0.3)
            shown += ["", more]
        canvas.draw(0, *shown)
        world.tmux.wrote(pane)
        await world.passes(2)
        assert told(world) == {"ev001": 1, "ev002": 1, "ev003": 1, "ev004": 1}
        titles = [title for title in world.phone.titles() if "ev00" in title]
        assert [title.rpartition("ev00")[2][0] for title in titles] == ["1", "2", "3", "4"]


@virtual
async def test_above_a_spinner_that_never_rests(tmp_path: Path) -> None:
    world = world_of(tmp_path)
    pane, canvas = pane_of(world, "shop")
    async with running(world):
        await world.soon(lambda: world.services.roster.live() or None, "a session")
        for turn in range(60):
            if turn == 20:
                canvas.draw(5, "● :::PROGRESS:50:::", "", "● :::HELP:ev001 which port?:::")
            canvas.spin(turn)
            world.tmux.wrote(pane)
            await world.passes(1 / 9)
        assert told(world) == {"ev001": 1}
        assert sum("50 %" in title for title in world.phone.titles()) == 1


@virtual
async def test_a_shell_that_is_resized_cleared_and_printed_to_again(tmp_path: Path) -> None:
    world = world_of(tmp_path)
    pane, canvas = pane_of(world, "shop", "sh")

    async def shows(times: int, *rows: str, size: tuple[int, int], above: int) -> None:
        """A resize is no output, so that nothing hints at it."""
        is_output = pane.size == size
        pane.size, pane.history = size, above
        canvas.draw(0, *rows)
        if is_output:
            world.tmux.wrote(pane)
            await world.passes(1)
        else:
            await world.passes(1.5)
            await world.sweeps()
            await world.passes(1)
        assert told(world) == Counter({"ev001": times} if times else {}), rows

    large, small, built = (WIDTH, HEIGHT), (60, 20), ("$ make", ":::DONE:ev001:::")
    async with running(world):
        await world.soon(lambda: world.services.roster.live() or None, "a session")
        await world.passes(1)
        await shows(1, *built, "$", size=large, above=9)
        await shows(1, "$", size=small, above=30)
        await shows(2, *built, "$", size=small, above=30)
        await shows(2, "$", size=small, above=30)
        await shows(2, "$ make", ":::DONE:no000:::", *built, *built, "$", size=large, above=9)
        await shows(2, "$", size=large, above=9)
        await shows(2, "$", size=small, above=9)
        await shows(3, *built, "$", size=small, above=9)
        await shows(4, *built, *built, "$", size=small, above=9)


@virtual
async def test_it_has_begun_when_every_pane_was_seen(tmp_path: Path) -> None:
    world = world_of(tmp_path)
    pane_of(world, "shop")
    world.tmux.blind = True
    async with running(world):
        begun = world.services.supervisor.begun
        await world.passes(3)
        assert not begun.is_set()
        world.tmux.blind = False
        await world.soon(lambda: begun.is_set() or None, "a first look")
        assert world.tmux.captures
