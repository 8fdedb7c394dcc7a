"""Cells that are drawn in one go."""

from bot.adapters.painting.runs import Run, runs
from bot.core.cells import Cell
from bot.core.colours import SIXTEEN, Look

RED = Look(SIXTEEN[1])


def test_neighbours_of_one_look_are_one_run() -> None:
    row = [Cell(char, 1, Look()) for char in "ab"] + [Cell("c", 1, RED), Cell("日", 2, RED)]
    row += [Cell("d", 1, RED), Cell("e", 1, RED)]
    assert list(runs(tuple(row), lambda cell: cell.columns > 1)) == [
        Run(0, 2, "ab", Look()),
        Run(2, 1, "c", RED),
        Run(3, 2, "日", RED),
        Run(5, 2, "de", RED),
    ]
    assert list(runs((), lambda cell: False)) == []
