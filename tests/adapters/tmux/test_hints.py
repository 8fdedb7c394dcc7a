"""The stream itself is tried on a real tmux in test_terminal.py; here, what makes it up."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.adapters.clock import SystemClock
from bot.adapters.tmux.hints import GAP, Hints, Marks
from bot.core.ids import PaneId
from bot.ports.terminal import Nudge, NudgeKind
from tests.support.virtual import VirtualClock, virtual
from tests.support.waiting import until

A, B = PaneId("%1"), PaneId("%2")


def test_a_mark_that_changed() -> None:
    marks = Marks()
    assert marks.changed(["%1 50 0 0 0", "%2 50 0 0 0"], 100.0) == []
    assert marks.changed(["%1 50 0 0 0", "%2 50 3 0 0"], 101.0) == [B]
    assert marks.changed(["%1 50 0 0 0", "%2 50 3 0 0"], 102.0) == []


def test_the_same_mark_in_the_same_second_proves_nothing() -> None:
    marks = Marks()
    marks.changed(["%1 100 0 0 0"], 100.2)
    assert marks.changed(["%1 100 0 0 0"], 100.9) == [A]
    assert marks.changed(["%1 100 0 0 0"], 101.2) == [A]
    assert marks.changed(["%1 100 0 0 0"], 101.5) == []


def test_a_pane_that_is_new_has_no_change() -> None:
    marks = Marks()
    marks.changed(["%1 50 0 0 0"], 100.0)
    assert marks.changed(["%1 50 0 0 0", "%2 50 0 0 0"], 101.0) == []


def test_an_exact_mark_proves_all() -> None:
    marks = Marks()
    marks.changed(["%1 - 7"], 100.2)
    assert marks.changed(["%1 - 7"], 100.3) == []
    assert marks.changed(["%1 - 8"], 100.4) == [A]


@virtual
async def test_marks_are_compared_when_tmux_tells_of_a_write() -> None:
    clock = VirtualClock()
    asked: list[float] = []

    async def marks() -> Sequence[str]:
        asked.append(clock.monotonic())
        return [f"%1 - {len(asked)}"]

    hints = Hints(marks, clock, inotify=False)
    taken: set[Nudge] = set()

    async def take() -> None:
        async for nudge in hints.stream():
            taken.add(nudge)

    async with asyncio.TaskGroup() as group:
        task = group.create_task(take())
        await clock.sleep(1.01)
        assert len(asked) == 5, "four times a second where nobody tells"
        hints.armed()
        await clock.sleep(3)
        assert len(asked) == 6
        hints.armed()
        await clock.sleep(0.01)
        assert len(asked) == 7
        assert taken == {Nudge(NudgeKind.WROTE, A)}
        hints.unarmed()
        await clock.sleep(6)
        assert len(asked) > 20
        task.cancel()
    assert hints.gap() == GAP
    hints.follow({PaneId(f"%{n}"): "/dev/null" for n in range(1000)})
    assert hints.gap() == 0.25


async def nothing() -> Sequence[str]:
    return ()


async def test_what_is_not_taken_yet_is_queued_once() -> None:
    hints = Hints(nothing, SystemClock(), inotify=False)
    for _ in range(100):
        hints.heard(Nudge(NudgeKind.PANES))
    hints.heard(Nudge(NudgeKind.LOST))
    taken: list[Nudge] = []

    async def take() -> None:
        async for nudge in hints.stream():
            if nudge not in taken:
                taken.append(nudge)

    async with asyncio.TaskGroup() as group:
        task = group.create_task(take())
        await until(lambda: len(taken) == 2)
        hints.follow({A: "/dev/null"})
        await until(lambda: Nudge(NudgeKind.WROTE, A) in taken)
        task.cancel()
    assert taken[:2] == [Nudge(NudgeKind.PANES), Nudge(NudgeKind.LOST)]
