from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from bot.core.ids import PaneId, PaneKey, PressId, ServerKey
from bot.core.press import Guard, Outcome, Press, PressResult
from bot.ports.meter import NoMeter
from bot.services.measuring import CountedKeyboard, measure_queues
from tests.support.post import Post, two_people
from tests.support.virtual import virtual
from tests.support.world import ledger

PANE = PaneKey(ServerKey(1, 2), PaneId("%1"), 3)


@dataclass
class Kept(NoMeter):
    """Keeps what it is told."""

    presses: list[str] = field(default_factory=list)
    queues: dict[str, tuple[int, float]] = field(default_factory=dict)

    def pressed(self, outcome: str) -> None:
        self.presses.append(outcome)

    def queued(self, channel: str, rows: int, oldest: float) -> None:
        self.queues[channel] = (rows, oldest)


class Refusing:
    async def press(self, press: Press) -> PressResult:
        return PressResult(Outcome.REFUSED)

    async def marker(self, pane: PaneKey) -> str | None:
        return "m"


@virtual
async def test_presses_are_counted_by_outcome() -> None:
    meter = Kept()
    keyboard = CountedKeyboard(Refusing(), meter)
    result = await keyboard.press(Press(Guard(PressId("p"), PANE, 0, ()), b"x"))

    assert (result.outcome, await keyboard.marker(PANE)) == (Outcome.REFUSED, "m")
    assert meter.presses == ["refused"]


@virtual
async def test_the_length_and_age_of_each_queue(tmp_path: Path) -> None:
    meter, phones = Kept(), (two_people("one"), two_people("two"))
    async with ledger(tmp_path) as store:
        post = Post(store, *phones)
        await post.queue("a", channel="one")
        await post.waits(30)
        await post.queue("b", channel="one")
        await measure_queues(store, phones, post.clock, meter)

    assert meter.queues == {"one": (2, 30.0), "two": (0, 0.0)}
