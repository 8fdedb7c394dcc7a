"""The background behind each character: some agents mark a row by nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.core.colours import Colour, Look, Rendition
from bot.core.prompts import Choice

Ground = tuple[Colour | None, ...]
"""One entry a character, None where it is the screen's own."""

_TOKEN = re.compile(
    r"\x1b\[(?P<sgr>[\d;:]*)m"
    r"|\x1b(?:\[[^@-~]*[@-~]|[\]P_^X][^\x07\x1b]*(?:\x07|\x1b\\)|[()][0-9A-B]|.)?"
    r"|[\x0e\x0f]"
    r"|(?P<text>[^\x1b\x0e\x0f]+)",
    re.DOTALL,
)


def grounds(ansi: Sequence[str]) -> tuple[Ground, ...]:
    """``ansi``: all rows of a ``capture-pane -e``, since a colour goes on in the next row."""
    return tuple(tuple(look.paper for look in row) for row in _looks(ansi))


def inks(ansi: Sequence[str]) -> tuple[tuple[Colour, ...], ...]:
    """The colour of each character itself."""
    return tuple(tuple(look.ink for look in row) for row in _looks(ansi))


def _looks(ansi: Sequence[str]) -> Iterator[list[Look]]:
    state = Rendition()
    for row in ansi:
        found: list[Look] = []
        for token in _TOKEN.finditer(row):
            if token["sgr"] is not None:
                state = state.after(token["sgr"])
            elif token["text"]:
                found += [state.look] * len(token["text"])
        yield found


def stands_out(ground: Ground, at: int, beside: int) -> bool | None:
    """Whether a character has another background than one beside it; None when not known."""
    if max(at, beside) >= len(ground):
        return None
    return ground[at] != ground[beside]


def one_marked(choices: Sequence[Choice]) -> tuple[Choice, ...]:
    """With none or several lit up it is not known which one Enter takes."""
    if sum(choice.selected for choice in choices) == 1:
        return tuple(choices)
    return tuple(replace(choice, selected=False) for choice in choices)
