"""inotify on pseudo-terminals, where the kernel has it."""

from __future__ import annotations

import os
import struct
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field

import pytest

from bot.adapters.tmux.watch import TtyWatch, works
from bot.core.ids import PaneId
from tests.support.waiting import spend, until

A, B = PaneId("%1"), PaneId("%2")

pytestmark = pytest.mark.skipif(not works(), reason="no inotify on pseudo-terminals here")


@dataclass
class Terminals:
    """Two pseudo-terminals; what is written to them is never read."""

    pairs: list[tuple[int, int]] = field(default_factory=lambda: [os.openpty(), os.openpty()])

    def name(self, number: int) -> str:
        return os.ttyname(self.pairs[number][1])

    def write(self, number: int) -> None:
        os.write(self.pairs[number][1], b"x")

    def close(self, number: int) -> None:
        for end in self.pairs[number]:
            os.close(end)


@pytest.fixture
def terminals() -> Iterator[Terminals]:
    made = Terminals()
    yield made
    for pair in made.pairs:
        for end in pair:
            try:
                os.close(end)
            except OSError:
                continue


@pytest.fixture
async def seen() -> list[PaneId]:
    return []


@pytest.fixture
async def watch(seen: list[PaneId]) -> AsyncIterator[TtyWatch]:
    made = TtyWatch(seen.append)
    made.start()
    yield made
    made.close()


async def test_tells_who_wrote(terminals: Terminals, watch: TtyWatch, seen: list[PaneId]) -> None:
    watch.follow({A: terminals.name(0), B: terminals.name(1)})
    terminals.write(1)
    await until(lambda: seen)
    assert seen == [B]


async def test_lets_go(terminals: Terminals, watch: TtyWatch, seen: list[PaneId]) -> None:
    watch.follow({A: terminals.name(0), B: terminals.name(1)})
    watch.follow({B: terminals.name(1)})
    terminals.write(0)
    terminals.write(1)
    await until(lambda: seen)
    assert seen == [B]


async def test_another_terminal_of_the_same_pane(
    terminals: Terminals, watch: TtyWatch, seen: list[PaneId]
) -> None:
    watch.follow({A: terminals.name(0)})
    watch.follow({A: terminals.name(1)})
    terminals.write(0)
    await spend(0.05)
    assert seen == []
    terminals.write(1)
    await until(lambda: seen)


async def test_a_terminal_that_is_no_more(
    terminals: Terminals, watch: TtyWatch, seen: list[PaneId]
) -> None:
    watch.follow({A: terminals.name(0), B: "/dev/pts/does-not-exist"})
    terminals.close(0)
    await spend(0.05)
    watch.follow({B: terminals.name(1)})
    terminals.write(1)
    await until(lambda: B in seen)


async def test_many_writes_are_taken_together(
    terminals: Terminals, watch: TtyWatch, seen: list[PaneId]
) -> None:
    watch.follow({A: terminals.name(0)})
    for _ in range(300):
        terminals.write(0)
        await spend(0.0005)
    await until(lambda: seen)
    assert len(seen) < 250


async def test_when_the_kernels_queue_ran_over_all_may_have_written(
    terminals: Terminals, watch: TtyWatch
) -> None:
    watch.follow({A: terminals.name(0), B: terminals.name(1)})
    ran_over = struct.pack("iIII", -1, 0x4000, 0, 0)
    assert set(watch.told(ran_over)) == {A, B}
