"""Neighbouring cells of one look, drawn in one go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.core.cells import Cell, Row
from bot.core.colours import Look


@dataclass(frozen=True, slots=True)
class Run:
    column: int
    columns: int
    text: str
    look: Look


def runs(row: Row, alone: Callable[[Cell], bool]) -> Iterator[Run]:
    """From left to right. ``alone`` says which cells are drawn one by one."""
    column = 0
    open_: Run | None = None
    for cell in row:
        by_itself = alone(cell)
        if open_ is not None and (by_itself or cell.look != open_.look):
            yield open_
            open_ = None
        if by_itself:
            yield Run(column, cell.columns, cell.text, cell.look)
        elif open_ is None:
            open_ = Run(column, cell.columns, cell.text, cell.look)
        else:
            columns = open_.columns + cell.columns
            open_ = Run(open_.column, columns, open_.text + cell.text, cell.look)
        column += cell.columns
    if open_ is not None:
        yield open_
