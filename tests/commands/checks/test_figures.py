from __future__ import annotations

from pathlib import Path

from bot.adapters.metrics import Prometheus
from bot.commands.checks.figures import checks, watching
from bot.commands.figures import read
from bot.core.checks import Check, Level
from bot.settings import Settings


def found(meter: Prometheus) -> dict[str, Check]:
    return {check.id: check for check in checks(read(meter.text()))}


async def test_without_a_gateway_there_is_nothing(tmp_path: Path) -> None:
    (check,) = await watching(Settings(state_dir=tmp_path))
    assert (check.id, check.level) == ("watch", Level.OFF)


def test_how_it_works() -> None:
    meter = Prometheus()
    for seconds in (0.004, 0.009, 0.3):
        meter.noticed(seconds)
    meter.captured(3)
    meter.captured(1)
    meter.swept(1)
    meter.unread()
    meter.queued("telegram", 2, 1.2)
    meter.queued("local", 0, 0.0)

    says = {check.id: (check.level, check.says) for check in found(meter).values()}

    assert says == {
        "watch.latency": (
            Level.OK,
            "3 things to tell were noticed: 1 within 5 ms, 1 within 10 ms, 1 within 500 ms",
        ),
        "watch.captures": (Level.OK, "4 screens in 2 requests to tmux"),
        "watch.sweep": (
            Level.OK,
            "1 sweeps found 1 that no hint had told of; 1 times more scrolled by than was read",
        ),
        "queue.local": (Level.OK, "0 messages wait"),
        "queue.telegram": (Level.OK, "2 messages wait, the oldest for 1 s"),
    }


def test_what_is_amiss() -> None:
    meter = Prometheus()
    assert found(meter)["watch.latency"].says == "nothing was to be told yet"
    meter.noticed(7.0)
    meter.swept(12)
    meter.queued("telegram", 1, 300.0)

    checked = found(meter)

    assert {name for name, check in checked.items() if check.level is Level.WARN} == {
        "watch.latency",
        "watch.sweep",
        "queue.telegram",
    }
    assert checked["watch.latency"].says.endswith("1 within more than that")
