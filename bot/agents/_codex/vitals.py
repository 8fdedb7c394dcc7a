"""What Codex's screen tells beside its dialogs (0.169.0)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.core.layout import last_row
from bot.core.screen import Screen
from bot.core.vitals import Vitals, count_tests, first_in, used_up

_NAMES = re.compile(r" {2}(?P<model>[\w.:/-]+(?: \w+){0,2}) · [~/]\S*.*")
"""The line below the input box: model, effort, directory."""
_LEFT = re.compile(r"\b(\d{1,3})% context left\b")
_SAYS = re.compile(r"■ (\S.*)")
_STOPPED = re.compile(r"Conversation interrupted\b.*")
_BOTTOM = 5
_WELCOME = "  Welcome to Codex, OpenAI's command-line coding agent"
_SIGN_IN = "not signed in: sign in at its terminal, or run “codex login” there"


def signs_in(rows: Sequence[str]) -> bool:
    """The first screen, before anybody has signed in: nothing stands above its greeting."""
    first = next((row for row in rows if row.strip()), "")
    return first == _WELCOME and any(row.startswith("> 1. ") for row in rows)


def vitals(screen: Screen) -> Vitals:
    rows = [row for row in screen.trimmed() if row.strip()]
    if signs_in(rows):
        return Vitals(halted=_SIGN_IN)
    below = rows[-_BOTTOM:]
    box = last_row(rows, lambda row: row.startswith("› "))
    names = next((m for row in below if (m := _NAMES.fullmatch(row))), None)
    left = first_in(below, _LEFT)
    return Vitals(
        model=names["model"] if names and box is not None else "",
        context=used_up(left.group(1)) if left else None,
        tests=count_tests(rows[:box]),
        halted=_halted(rows[:box]) if names and box is not None else "",
    )


def _halted(rows: Sequence[str]) -> str:
    """What ended the last turn, right above the input box: it does not try again by itself."""
    found = _SAYS.fullmatch(rows[-1].rstrip()) if rows else None
    return "" if found is None or _STOPPED.fullmatch(found.group(1)) else found.group(1)
