from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.core.agent import Reading
from bot.core.reading import Reader
from bot.core.screen import Screen
from bot.services.mistakes import Mistakes
from tests.support.toy import TOY, read_toy
from tests.support.virtual import virtual
from tests.support.world import World, running


def failed(text: str, reads: Callable[[str], object]) -> Exception:
    with pytest.raises((ValueError, KeyError)) as caught:
        reads(text)
    return caught.value


def test_each_is_logged_once_and_nothing_of_the_screen() -> None:
    mistakes = Mistakes()
    with capture_logs() as logs:
        for _ in range(3):
            mistakes.note("toy", failed("password", int))
        mistakes.note("toy", failed("password", os.environ.__getitem__))
        mistakes.note("other", failed("password", int))

    told = [(log["agent"], log["error"]) for log in logs]
    assert told == [("toy", "ValueError"), ("toy", "KeyError"), ("other", "ValueError")]
    assert all(":" in log["at"] for log in logs)
    assert "password" not in str(logs)


@virtual
async def test_a_screen_that_breaks_its_reader_stops_nobody_elses(tmp_path: Path) -> None:
    def reads(screen: Screen) -> Reading:
        if any("make bad" in row for row in screen.rows):
            raise IndexError
        return read_toy(screen)

    toy = replace(TOY, read_screen=reads)
    world = World(tmp_path, reader=Reader((toy,), Mistakes().note))
    async with running(world):
        bad = world.session("bad")
        world.asks(bad, "make bad")
        await world.soon(
            lambda: next((b for b in world.phone.bubbles if "can't read" in b.text), None), "told"
        )
        _, card = await world.asked()
        await world.hears(f"approve {card.notice.code}")
        await world.passes(30)
        told = [b for b in world.phone.bubbles if "can't read" in b.text]
        assert len(told) == 1
        assert "bad" in told[0].text
