from __future__ import annotations

from dataclasses import replace

from bot.agents import claude
from tests.support.screens import golden_screens

BY_NAME = {golden.name: golden for golden in golden_screens("claude")}


def test_a_plan_without_its_end_may_be_drawn_on() -> None:
    """2.1.329 draws one that scrolls without arrows first."""
    scrolled = BY_NAME["plan_long_120"].screen
    reading = claude.read_screen(scrolled)
    assert reading.prompt is not None
    assert (reading.prompt.complete, reading.early) == (False, False)
    without = replace(
        scrolled, rows=tuple(row.removesuffix("↓").rstrip() for row in scrolled.rows)
    )
    assert claude.read_screen(without).early
    for name in ("plan_120", "v197_plan_120", "plan_empty_120", "bash_short_120"):
        assert not claude.read_screen(BY_NAME[name].screen).early
