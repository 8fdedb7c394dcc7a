"""What Claude Code's screen tells beside its dialogs; 2.1.197 and 2.1.329."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.core.composer import find_box
from bot.core.layout import is_flush, last_row
from bot.core.screen import Screen
from bot.core.vitals import Vitals, count_tests, first_in, used_up

_MODE = re.compile(r"[⏸⏵]+ (\S.*?) on\b")
_MODEL = re.compile(
    r"([^\s│·\u2580-\u259f][^│·\u2580-\u259f]*?)"
    r" · (?:API Usage Billing|Claude (?:Max|Pro|Team|Enterprise))"
)
_COST = re.compile(r"(?<![\w$.])\$\d+\.\d{2,4}(?!\d)")
# A status line is the person's own; these are the ways in which most say it.
_USED = re.compile(
    r"\b(?:ctx|context)\b[^\w%$]{0,8}(\d{1,3})(?:\.\d+)? ?%(?! *(?:left|remaining|free))"
    r"|\b(\d{1,3})(?:\.\d+)? ?% (?:of )?(?:ctx|context) used",
    re.IGNORECASE,
)
_LEFT = re.compile(
    r"\bcontext left until auto-compact: (\d{1,3})%"
    r"|\b(?:ctx|context)\b[^\w%$]{0,8}(\d{1,3}) ?% (?:left|remaining|free)"
    r"|\b(\d{1,3}) ?% (?:ctx|context) (?:left|remaining)",
    re.IGNORECASE,
)
_RETRYING = re.compile(r"[·✢✳✶✻✽*∗] (\S.*\bretrying\b.*)")
_HALTED = re.compile(
    r"  ⎿  +("
    r"Credit balance (?:is )?too low|Context limit reached|Prompt is too long"
    r"|(?:Invalid API key|OAuth token \w+|Not logged in|API key .*)(?=.*/login)"
    r"|(?:Claude )?(?:AI )?usage limit reached|You've (?:hit|reached) your .*?limit"
    r"|\d+-hour limit reached|Weekly limit reached"
    r").*"
)
_SIGNED_OUT = re.compile(r" {2,}(Not logged in · [Rr]un /login)$", re.MULTILINE)
"""At the right end of the line below the input box (2.1.197 and 2.1.329)."""
_UNNAMED = frozenset({"Claude Code", "claude"})
_TITLE = re.compile(r"[✳\u2800-\u28ff] (\S.*)")


def vitals(screen: Screen) -> Vitals:
    rows = screen.trimmed()
    box = find_box(rows, carets="❯!")
    above = rows if box is None else rows[: box.top]
    below = "" if box is None else "\n".join(box.below)
    mode, cost = _MODE.search(below), _COST.findall(below)
    return Vitals(
        title=_title(screen.pane.title),
        model=_model(above),
        mode=mode.group(1) if mode else "",
        context=_context(below),
        cost=cost[-1] if cost else "",
        tests=count_tests(above),
        trouble=_trouble(above) if box else "",
        halted=_halted(above) or _signed_out(below) if box else "",
    )


def _signed_out(below: str) -> str:
    found = _SIGNED_OUT.search(below)
    return f"{found.group(1)} at its terminal" if found else ""


def _title(title: str) -> str:
    """It begins with a glyph; before the first message it is the program's own name."""
    found = _TITLE.fullmatch(title)
    return found.group(1) if found and found.group(1) not in _UNNAMED else ""


def _model(rows: Sequence[str]) -> str:
    """The banner names it; ``/model`` may have changed it since, but then the banner moved."""
    found = first_in(rows, _MODEL)
    return found.group(1).strip() if found else ""


def _context(text: str) -> int | None:
    left, used = _LEFT.search(text), _USED.search(text)
    if left:
        return used_up(next(filter(None, left.groups())))
    return min(100, int(next(filter(None, used.groups())))) if used else None


def _trouble(rows: Sequence[str]) -> str:
    lowest = last_row(rows, is_flush)
    found = None if lowest is None else _RETRYING.fullmatch(rows[lowest])
    return found.group(1) if found else ""


def _halted(rows: Sequence[str]) -> str:
    """In the last turn, right below the person's words or on its own: what stands below a tool's
    call is that tool's output."""
    start = max((at for at, row in enumerate(rows) if row.startswith("❯ ")), default=-1)
    block = ""
    found = ""
    for row in rows[start + 1 :]:
        if is_flush(row):
            block, found = row, ""
        halted = _HALTED.fullmatch(row)
        if halted and not block.startswith(("●", "⏺")):
            found = halted.group(1)
    return found
