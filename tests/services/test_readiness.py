from __future__ import annotations

from bot.core.ids import PaneId
from bot.services.readiness import Readiness

A, B = PaneId("%1"), PaneId("%2")


def test_when_each_pane_that_was_there_is_done_with() -> None:
    readiness = Readiness()
    assert readiness.problem == "the panes have not been looked at yet"
    readiness.listed([A, B])
    assert readiness.problem == "2 panes have not been looked at yet"
    readiness.settled([A])
    readiness.listed([PaneId("%3")])
    assert readiness.problem == "1 panes have not been looked at yet"
    readiness.settled([B])
    assert readiness.problem == ""


def test_as_long_as_tmux_does_not_answer() -> None:
    readiness = Readiness()
    readiness.listed([])
    readiness.blind("tmux does not answer")
    assert readiness.problem == "tmux does not answer"
    readiness.listed([])
    assert readiness.problem == ""
