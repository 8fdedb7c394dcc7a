r"""The condition under which the tmux server itself lets a key in, as one format (tmux 3.3a).

A row of the screen becomes a regular expression that holds no character of it but letters,
digits, blanks and constants of ours: punctuation that neither formats nor regular expressions
know stands for itself, ``.`` and its like are escaped, well-known marks of menus (``☐``, ``●``)
stand for themselves, any other ASCII character is "a mark", any other character "no blank".
So a highlight that moved is seen, and ``#(...)`` in a row is never run.

``#{C/r:...}`` is the number of the first row that matches, from 1, or 0; tmux strips blanks at
the row's end before. Conditions form a balanced tree: tmux nests at most 100 formats. A line to
a control client may be long (1 MB was taken), but tmux serves nobody else while it compares
(16 us for each row of a 100x30 pane), hence MAX_ROWS and MAX_LENGTH: the rows at the bottom go
in first, where the options and the question are, and always the topmost one, the title.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.core.ids import PaneId, PaneKey, PressId
from bot.core.press import Guard, Refusal

MAX_ROWS = 100
MAX_LENGTH = 48_000

NOW = "#{T:#{l:%s}}"
"""The server's own time in whole seconds; no option is needed for it."""

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_GLYPHS = "\u276f\u203a▸▶●○◉◯■□☐☒☑✔✓│┃─━╭╮╰╯…"
_PLAIN = frozenset(f"{_LETTERS}{_LETTERS.upper()}0123456789 _-/!&:;<=>@~{_GLYPHS}")
_ESCAPED = frozenset(".?()[]*+^$|")
_MARK = "[^[:alnum:][:space:]]"
_NO_BLANK = "[^ ]"
_PYTHON = ((_MARK, r"[^0-9A-Za-z\s]"), (_NO_BLANK, "[^ ]"), ("[[:space:]]*", r"\s*"))
BLANKS = " \t\n\v\f\r"
"""What tmux strips from the end of a row before it compares; not U+00A0 and the like."""
_PRESS_ID = re.compile(r"[A-Za-z0-9_-]{1,80}")
_PANE_ID = re.compile(r"%\d{1,10}")

_FACTS = (
    "#{pid}",
    "#{start_time}",
    "#{pane_id}",
    "#{pane_pid}",
    "#{pane_dead}",
    "#{pane_in_mode}",
    "#{pane_input_off}",
    "#{pane_synchronized}",
)

IDENTITY = " ".join(_FACTS[:4])


def checked(pane: PaneKey, press: PressId | None = None) -> PaneId:
    """Ids that may stand in a command. Raises ValueError."""
    if not _PANE_ID.fullmatch(pane.pane) or (press is not None and not _PRESS_ID.fullmatch(press)):
        raise ValueError(f"not an id of ours: {pane.pane!r} {press!r}")
    return pane.pane


def condition(guard: Guard) -> str:
    checked(guard.pane, guard.press)
    tests = [
        *same_pane(guard.pane),
        f"#{{!=:#{{@wingman_press}},{guard.press}}}",
        *(f"#{{==:{fact},0}}" for fact in _FACTS[4:]),
        f"#{{e|<|:{NOW},{int(guard.deadline)}}}",
        *_cursor_tests(guard),
        *_screen_tests(guard),
    ]
    return all_of(tests)


def identity(pane: PaneKey) -> str:
    """What ``IDENTITY`` gives for that very pane."""
    return f"{pane.server.pid} {pane.server.start_time} {checked(pane)} {pane.pid}"


def same_pane(pane: PaneKey) -> list[str]:
    """With a pane that is gone tmux goes on with another one: its id has to be compared too."""
    values = identity(pane).split(" ")
    return [f"#{{==:{fact},{value}}}" for fact, value in zip(_FACTS[:4], values, strict=True)]


def all_of(tests: Sequence[str]) -> str:
    if len(tests) == 1:
        return tests[0]
    middle = len(tests) // 2
    return f"#{{&&:{all_of(tests[:middle])},{all_of(tests[middle:])}}}"


def _cursor_tests(guard: Guard) -> list[str]:
    if guard.cursor is None:
        return []
    column, row = guard.cursor
    return [f"#{{==:#{{cursor_x}},{int(column)}}}", f"#{{==:#{{cursor_y}},{int(row)}}}"]


def _screen_tests(guard: Guard) -> list[str]:
    rows = [row.rstrip(BLANKS) for row in (*(guard.above or ()), *guard.lines)]
    tests = {}
    for row in rows[len(guard.above or ()) :]:
        text = pattern(row)
        if row and text not in tests:
            search = f"#{{C/r:{text}}}"
            at = _first_match(text, rows)
            tests[text] = search if guard.above is None else f"#{{==:{search},{at}}}"
    return _chosen(list(tests.values()))


def _first_match(text: str, rows: Sequence[str]) -> int:
    """The row, from 1, that tmux will find: a pattern also fits rows it was not made from."""
    for posix, python in _PYTHON:
        text = text.replace(posix, python)
    found = (number for number, row in enumerate(rows, 1) if re.search(text, row))
    return next(found, 0)


def _chosen(tests: list[str]) -> list[str]:
    """The topmost, and from the bottom up as many as fit."""
    room, rows = MAX_LENGTH, MAX_ROWS
    chosen = []
    for test in tests[:1] + tests[:0:-1]:
        room, rows = room - len(test.encode()), rows - 1
        if rows < 0 or room < 0:
            break
        chosen.append(test)
    return chosen


def pattern(row: str) -> str:
    """An anchored POSIX expression for a row as it was captured."""
    return f"^{''.join(map(_alike, row.rstrip(BLANKS)))}$"


def _alike(char: str) -> str:
    if char in _PLAIN:
        return char
    if char in _ESCAPED:
        return "\\" + char
    if char.isspace():
        return "[[:space:]]*" if char.isascii() else "."
    return _MARK if char.isascii() else _NO_BLANK


def refused(guard: Guard) -> str:
    """The format of a refusal: numbers only."""
    facts = " ".join(_FACTS)
    pressed = f"#{{==:#{{@wingman_press}},{guard.press}}}"
    return f"REFUSED {facts} {pressed} #{{e|<|:{NOW},{int(guard.deadline)}}}"


def refusal(guard: Guard, line: str) -> Refusal:
    """Which condition it was. ``line`` is what ``refused`` gave; of a pane that is gone tmux
    knows nothing but the server."""
    values = line.split(" ")[1:]
    values += [""] * (len(_FACTS) + 2 - len(values))
    key = guard.pane
    reasons = {
        Refusal.SERVER_CHANGED: values[:2] != [str(key.server.pid), str(key.server.start_time)],
        Refusal.PANE_GONE: values[2] != key.pane,
        Refusal.PANE_CHANGED: values[3] != str(key.pid),
        Refusal.ALREADY_PRESSED: values[8] == "1",
        Refusal.DEAD: values[4] != "0",
        Refusal.IN_MODE: values[5] != "0",
        Refusal.INPUT_OFF: values[6] != "0",
        Refusal.SYNCHRONIZED: values[7] != "0",
        Refusal.EXPIRED: values[9] != "1",
    }
    return next((reason for reason, holds in reasons.items() if holds), Refusal.SCREEN_CHANGED)
