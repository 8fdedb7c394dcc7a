"""A screen as cells: each character with its place and its look."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.core.colours import PAPER, SIXTEEN, Look, Rendition
from bot.core.screen import Screen
from bot.core.visible import screen_text

MOST_ROWS, MOST_COLUMNS = 200, 400
FEWEST_COLUMNS = 20

_TOKEN = re.compile(
    r"\x1b\[(?P<sgr>[\d;:]*)m"
    r"|(?P<other>\x1b(?:\[[^@-~]*[@-~]|[\]P_^X][^\x07\x1b]*(?:\x07|\x1b\\)|[()][0-9A-B]|.)?)"
    r"|(?P<shift>[\x0e\x0f])"
    r"|(?P<text>[^\x1b\x0e\x0f]+)",
    re.DOTALL,
)
# tmux writes the line drawing characters of a VT100 so: between SO and SI, as ASCII letters.
_DRAWN = str.maketrans("`afgjklmnopqrstuvwxyz{|}~", "◆▒°±┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·")
_EMOJI_STYLE = "\ufe0f"


@dataclass(frozen=True, slots=True)
class Cell:
    """``text`` is a character and the marks upon it."""

    text: str
    columns: int
    look: Look


Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A screen laid out: of a very large one the last rows and the first columns."""

    rows: tuple[Row, ...]
    columns: int


def sheet_of(screen: Screen) -> Sheet:
    """Nothing hides on it: what would not be seen is written out, on a ground of its own."""
    height = len(screen.trimmed())
    drawn = (screen.ansi or screen.rows)[:height]
    rows = tuple(_cut(row) for row in _rows(drawn))[-MOST_ROWS:]
    widest = max((width(row) for row in rows), default=0)
    return Sheet(rows, max(FEWEST_COLUMNS, widest))


def width(row: Row) -> int:
    return sum(cell.columns for cell in row)


def _rows(lines: Sequence[str]) -> Iterator[Row]:
    # A look goes on in the next row until it is changed (tmux, grid_string_cells).
    state, drawing = Rendition(), False
    for line in lines:
        cells: list[Cell] = []
        for token in _TOKEN.finditer(line):
            if token["sgr"] is not None:
                state = state.after(token["sgr"])
            elif token["shift"]:
                drawing = token["shift"] == "\x0e"
            elif token["text"]:
                text = token["text"].translate(_DRAWN) if drawing else token["text"]
                _add(cells, text, state.look)
        yield _trimmed(cells)


def _add(cells: list[Cell], text: str, look: Look) -> None:
    for char in text:
        if char == _EMOJI_STYLE and cells and unicodedata.category(cells[-1].text[0]) == "So":
            continue  # says which of two pictures is meant, and hides nothing
        if unicodedata.combining(char) and cells and cells[-1].text != " ":
            cells[-1] = replace(
                cells[-1], text=unicodedata.normalize("NFC", cells[-1].text + char)
            )
            continue
        shown = _shown(char)
        mark = look if len(shown) == 1 else _warning(look)
        cells += [Cell(one, _columns(one), mark) for one in shown]


@functools.cache
def _shown(char: str) -> str:
    if unicodedata.category(char) == "Co":
        return char  # a prompt's own sign: it shows, if only as a box with its code
    return " " if char == "\t" else screen_text(char)


def _warning(look: Look) -> Look:
    return replace(look, ink=PAPER, paper=SIXTEEN[3])


def _columns(char: str) -> int:
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _trimmed(cells: list[Cell]) -> Row:
    """Without blanks at the end that show nothing."""
    while cells and cells[-1].text == " " and not cells[-1].look.paper:
        cells.pop()
    return tuple(cells)


def _cut(row: Row) -> Row:
    room = MOST_COLUMNS
    for number, cell in enumerate(row):
        room -= cell.columns
        if room < 0:
            return row[:number]
    return row
