from __future__ import annotations

import pytest

from bot.core.checks import Check, Level, worst


def test_the_worst_counts() -> None:
    ok, off = Check("a", Level.OK, "fine"), Check("b", Level.OFF, "not set up")
    warn = Check("c", Level.WARN, "loose", "chmod 600 it")
    red = Check("d", Level.RED, "wrong token", "take a new one")

    assert worst([]) is Level.OK
    assert worst([ok, off]) is Level.OFF
    assert worst([warn, ok]) is Level.WARN
    assert worst([ok, red, warn]) is Level.RED


@pytest.mark.parametrize("level", [Level.WARN, Level.RED])
def test_trouble_without_a_cure_is_refused(level: Level) -> None:
    with pytest.raises(ValueError, match="names no cure"):
        Check("a", level, "broken")
