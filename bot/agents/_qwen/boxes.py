"""What stands at the bottom of Qwen Code's screen when it does not ask (0.24.4): its input box,
the boxes of its launch, menus; and what the screen tells beside."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.core.colours import Rendition
from bot.core.forms import raw
from bot.core.labels import plain, role_in, role_table
from bot.core.layout import cells, is_rule, last_row, trimmed
from bot.core.numbered import lowest_list
from bot.core.prompts import Kind, Prompt, Role
from bot.core.screen import Screen
from bot.core.vitals import Vitals, count_tests

ID = "qwen"
_LAUNCH_ROLES = role_table(
    (Role.ACCEPT, r"trust folder(?: \(.*\))?"),
    (Role.ACCEPT_ALWAYS, r"trust parent folder(?: \(.*\))?"),
    (Role.DENY, r"don't trust \(esc\)"),
)
_TRUST = "Do you trust this folder?"
_LOGIN = "Connect a Provider"
_NEEDS_KEY = "not signed in: connect a provider at its terminal, or set OPENAI_API_KEY"
_PLACEHOLDER = re.compile(r"[>!*] {3}Type your message or @path/to/file")
_MODEL = re.compile(r"  ➜ .* · (?P<model>\S.*)")
_MODES = {"auto-accept edits": "auto-accept edits", "plan mode": "plan", "YOLO": "YOLO"}
_WORKING = re.compile(r"  [\u2800-\u28ff] ?(?P<text>\S.*\((?:.* · )?esc to cancel\))")
_BAR = "█│"
_ERROR = re.compile(r"  ✕ (?:\[API Error: )?(?P<text>.*?)\]?(?: \(Press Ctrl\+Y to retry\))?")


def _inside(rows: Sequence[str]) -> tuple[int, tuple[str, ...]]:
    """Where the box begins that ends with the last row, and what is in it; nothing, no box."""
    if not rows or not re.fullmatch(r" {2,3}[╰└]─+[╯┘]?", rows[-1]):
        return 0, ()
    top = len(rows) - 1
    while top and re.match(r" {2,3}│", rows[top - 1]):
        top -= 1
    whole = top > 0 and re.match(r" {2,3}[╭┌]─", rows[top - 1]) is not None
    inner = tuple(row.strip().removesuffix("│")[2:].rstrip() for row in rows[top:-1])
    return (top - 1 if whole else -1), inner


def signs_in(rows: Sequence[str]) -> bool:
    _, inner = _inside(rows)
    return next((row for row in inner if row), "") == _LOGIN


def boxed(rows: Sequence[str]) -> Prompt | None:
    top, inner = _inside(rows)
    if not inner:
        return None
    found = lowest_list(inner, "›", (0,))
    if found is None or _TRUST not in inner:
        return raw(ID, Kind.MENU, rows, max(top, 0))
    roles = found.choices(200, lambda row, label: role_in(_LAUNCH_ROLES, plain(label)))
    if roles is None:
        return raw(ID, Kind.UNREADABLE, rows, max(top, 0))
    choices = tuple(replace(c, rows=tuple(top + 1 + row for row in c.rows)) for c in roles)
    named = re.search(r"\((.*)\)", choices[0].label)
    return Prompt(
        Kind.TRUST,
        ID,
        subject=named[1] if named else _TRUST,
        question=_TRUST,
        choices=choices,
        body=trimmed(inner[: found.first]),
        complete=top >= 0,
        span=(max(top, 0), len(rows)),
        cancel_denies=True,
    )


def rows_of(screen: Screen) -> tuple[str, ...]:
    """Without the scroll bar in the last column, which comes for a second and a half when what
    is said gets longer than the pane."""
    rows = tuple(row.replace("\ufe0e", "") for row in screen.trimmed())
    width = screen.pane.width or max(map(cells, rows), default=0)
    barred = [row[-1:] in tuple(_BAR) and cells(row) == width for row in rows]
    if sum(barred) * 2 < len(rows):
        return rows
    pairs = zip(rows, barred, strict=True)
    return tuple(row[:-1].rstrip() if has else row for row, has in pairs)


def composer_edges(rows: Sequence[str]) -> tuple[int, int] | None:
    """The rules above and below it."""
    bottom = last_row(rows, is_rule)
    top = None if bottom is None else last_row(rows[:bottom], is_rule)
    if top is None or bottom is None or not re.match(r"[>!*] ", f"{rows[top + 1]} "):
        return None
    return (top, bottom) if all(row[:2].strip() == "" for row in rows[bottom + 1 :]) else None


def typed_in(screen: Screen, rows: Sequence[str], top: int, bottom: int) -> tuple[str, bool]:
    """What a person has typed between those rules, and whether only colours would tell."""
    first = rows[top + 1]
    lines = [row[2:].replace("\u200b", "").rstrip() for row in rows[top + 1 : bottom]]
    text = "\n".join(lines).strip()
    if not text or _PLACEHOLDER.fullmatch(first):
        return "", False
    # at the start of a text stands the cursor, or before an idea of what the text might be
    if screen.pane.cursor_x != 2:
        return text, False
    if screen.ansi is None:
        return text, True
    return "" if is_proposed(screen.ansi[top + 1 : bottom]) else text, False


def is_proposed(ansi: Sequence[str]) -> bool:
    """Whether it is Qwen Code's own idea of what to say next: in the colour of hints, all but
    the cursor's cell; it goes with the first key. ``ansi``: the rows of the input box."""
    cells = [cell for row in ansi for cell in _inked(row) if cell[0].strip(" \u200b")]
    # the caret at the left has a colour, and the first letter is the cursor's
    return len(cells) > 2 and all(coloured for _, coloured in cells[2:])


def _inked(row: str) -> Iterator[tuple[str, bool]]:
    """Each character, and whether it has a colour of its own."""
    state = Rendition()
    for part in re.split(r"(\x1b\[[\d;:]*m)", row):
        if part.startswith("\x1b["):
            state = state.after(part[2:-1])
        else:
            yield from ((char, state.faint or state.ink is not None) for char in part)


def activity_in(rows: Sequence[str]) -> str:
    """In a narrow pane it goes on below."""
    for at in range(len(rows) - 1, max(-1, len(rows) - 9), -1):
        joined = " ".join([rows[at], *(row.strip() for row in rows[at + 1 : at + 3])]).rstrip()
        if found := _WORKING.match(joined):
            return found["text"]
    return ""


def vitals(screen: Screen) -> Vitals:
    rows = rows_of(screen)
    if signs_in(rows):
        return Vitals(halted=_NEEDS_KEY)
    edges = composer_edges(rows)
    if edges is None:
        return Vitals(tests=count_tests(rows))
    above, below = rows[: edges[0]], rows[edges[1] + 1 :]
    return Vitals(
        model=next((found["model"] for row in below if (found := _MODEL.fullmatch(row))), ""),
        mode=next((said for words, said in _MODES.items() if any(words in r for r in below)), ""),
        tests=count_tests(above),
        halted=_halted(above),
    )


def _halted(rows: Sequence[str]) -> str:
    """What ended the last turn: nothing was said or asked below it."""
    for row in reversed(rows):
        if found := _ERROR.fullmatch(row):
            return found["text"]
        if row.startswith(("  ◆", "  > ")):
            return ""
    return ""
