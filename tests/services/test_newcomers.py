from __future__ import annotations

from bot.core.ids import PaneId, PaneKey, ServerKey
from bot.core.signals import Signal, SignalKind
from bot.services.newcomers import Newcomers

OLD, NEW = (PaneKey(ServerKey(100, 1), PaneId(f"%{n}"), 5000 + n) for n in (1, 2))
YESTERDAY, NOW = (Signal(SignalKind.DONE, text) for text in ("yesterday", "now"))


def test_what_stood_there_at_the_first_sight_is_old_news() -> None:
    newcomers = Newcomers()
    newcomers.listed([OLD])
    newcomers.take_on(OLD)
    assert newcomers.stood(OLD) is None
    newcomers.see(OLD, (YESTERDAY,))
    newcomers.see(OLD, (YESTERDAY, NOW))
    assert newcomers.stood(OLD) == (YESTERDAY,)
    newcomers.known(OLD)
    assert OLD not in newcomers
    newcomers.see(OLD, (NOW,))
    assert newcomers.stood(OLD) is None


def test_nothing_is_old_in_a_pane_that_came_while_we_looked() -> None:
    newcomers = Newcomers()
    newcomers.listed([OLD])
    newcomers.listed([OLD, NEW])
    newcomers.listed([OLD, NEW])
    newcomers.take_on(NEW)
    newcomers.see(NEW, (NOW,))
    assert newcomers.stood(NEW) == ()


def test_a_pane_that_was_there_long_before_it_is_watched_may_show_old_ones() -> None:
    newcomers = Newcomers()
    newcomers.listed([OLD])
    newcomers.listed([OLD])
    newcomers.take_on(OLD)
    newcomers.see(OLD, (YESTERDAY,))
    assert newcomers.stood(OLD) == (YESTERDAY,)
