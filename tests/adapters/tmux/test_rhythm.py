from __future__ import annotations

import itertools

from bot.adapters.tmux.rhythm import Rhythm
from bot.core.ids import PaneId

A, B = PaneId("%1"), PaneId("%2")


def looks(rhythm: Rhythm, until: float, writes: dict[float, list[PaneId]]) -> list[float]:
    """The times, in ms, at which A is looked at."""
    found = []
    for tick in range(int(until * 1000) + 1):
        now = tick / 1000
        for pane in writes.get(tick, []):
            rhythm.wrote(pane, now)
        if A in rhythm.due(now + 1e-9):
            found.append(tick)
    return [float(tick) for tick in found]


def test_at_once_then_confirmed_then_when_quiet() -> None:
    assert looks(Rhythm(), 0.3, {100: [A]}) == [101, 125, 150]


def test_a_pane_that_keeps_writing_is_looked_at_every_30_ms() -> None:
    found = looks(Rhythm(), 0.2, {tick: [A] for tick in range(0, 100, 3)})
    assert found[:4] == [1, 31, 61, 91]
    assert found[-1] == 99 + 50


def test_a_pane_that_streams_is_looked_at_less_often_until_it_pauses() -> None:
    written = {tick: [A] for tick in [*range(0, 1001, 3), 2000]}
    found = looks(Rhythm(), 2.2, written)
    assert [b - a for a, b in itertools.pairwise(found[:8])] == [30] * 7
    streaming = [tick for tick in found[8:] if tick < 1012]
    assert {b - a for a, b in itertools.pairwise(streaming)} <= {150, 151}
    assert len(streaming) > 4
    assert [tick for tick in found if tick > 1011] == [1049, 2001, 2025, 2050]


def test_nothing_is_due_while_nobody_writes() -> None:
    rhythm = Rhythm()
    assert rhythm.next_at() is None
    rhythm.wrote(A, 1.0)
    assert rhythm.next_at() == 1.0005
    assert rhythm.due(1.0) == {}
    assert rhythm.due(1.001) == {A: 1.0}
    rhythm.due(2.0)
    rhythm.due(3.0)
    assert rhythm.next_at() is None


def test_many_busy_panes_share_what_the_machine_bears() -> None:
    rhythm = Rhythm()
    panes = [PaneId(f"%{number}") for number in range(100)]
    count = 0
    for tick in range(1000):
        for pane in panes:
            rhythm.wrote(pane, tick / 1000)
        count += len(rhythm.due(tick / 1000 + 1e-9))
    assert count <= 350


def test_a_pane_that_is_gone() -> None:
    rhythm = Rhythm()
    rhythm.wrote(A, 1.0)
    rhythm.wrote(B, 1.0)
    rhythm.forget(A)
    assert rhythm.due(1.1) == {B: 1.0}
