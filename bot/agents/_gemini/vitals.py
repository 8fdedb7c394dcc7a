"""What Gemini CLI's screen tells beside its dialogs (0.61.0)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.core.layout import last_row
from bot.core.screen import Screen
from bot.core.vitals import Vitals, count_tests, first_in, used_up

_HEADS = re.compile(r" workspace \(/directory\) .* /model\b.*")
_MODES = (
    (re.compile(r" auto-accept edits\b"), "auto-accept edits"),
    (re.compile(r" plan\b.*Shift\+Tab"), "plan"),
    (re.compile(r" YOLO\b", re.IGNORECASE), "YOLO"),
)
_LEFT = re.compile(r"\b(\d{1,3})% (?:context left|left)\b")
_ERROR = re.compile(r"✕ (\[API Error:.*|\S.*)")
_MESSAGE = re.compile(r'"message": ?"([^"]{1,200})"')
_ASKED = re.compile(r" > \S")
_EDGE = re.compile(r" *[▄╭─]{10,}")
"""The upper edge of the input box."""
_LONGEST = 200
_UNANSWERED = re.compile(
    r" ?[\u2801-\u28ff] Thinking\.\.\. \(esc to cancel, (?:\d+h \d+m|(?:[2-9]|\d\d)m) .*\).*"
)
"""Told by an answer that is being thought about by what stands above: nothing but the question."""
_QUESTION_ENDS = re.compile(r"▀{10,}| > \S.*")
_NO_ANSWER = "its model has not answered for minutes; it may be busy, limited or down"
"""Of a provider that answers 429, 500 or 503 Gemini CLI says nothing: it tries again, after a
quarter of an hour still."""
_SIGN_IN = re.compile(
    r"│ (?:  How would you like to authenticate for this project\?|Enter Gemini API Key) +│"
)
_NEEDS_KEY = "not signed in: choose how at its terminal, or set GEMINI_API_KEY"


def signs_in(rows: Sequence[str]) -> bool:
    """The box at the bottom asks how, or for a key: nobody types that from a phone."""
    bottom = next((row for row in reversed(rows) if row.strip()), "")
    top = last_row(rows, lambda row: row.startswith("╭─"))
    boxed = bottom.startswith("╰─") and top is not None
    return boxed and any(_SIGN_IN.fullmatch(row) for row in rows[top:])


def vitals(screen: Screen) -> Vitals:
    rows = [row for row in screen.trimmed() if row.strip()]
    if signs_in(rows):
        return Vitals(halted=_NEEDS_KEY)
    status = last_row(rows, _HEADS.match)
    if status is None:
        return Vitals(tests=count_tests(rows))
    values = rows[status + 1] if status + 1 < len(rows) else ""
    near = rows[max(0, status - 6) : status]
    left = first_in(rows[status - 6 :], _LEFT)
    return Vitals(
        model=_last_column(values),
        mode=next((name for pattern, name in _MODES if any(map(pattern.match, near))), ""),
        context=used_up(left.group(1)) if left else None,
        tests=count_tests(rows[:status]),
        trouble=_unanswered(rows[:status]),
        halted=_halted(rows[: _box(rows, status)]),
    )


def _unanswered(rows: Sequence[str]) -> str:
    at = last_row(rows, _UNANSWERED.fullmatch)
    asked = at and _QUESTION_ENDS.fullmatch(rows[at - 1].rstrip())
    return _NO_ANSWER if asked else ""


def _box(rows: Sequence[str], status: int) -> int:
    """Where the input box begins: what is being typed there has not been asked yet."""
    return next((at for at in range(status - 2, -1, -1) if _EDGE.match(rows[at])), status)


def _last_column(row: str) -> str:
    columns = re.split(r" {2,}", row.strip())
    return columns[-1] if len(columns) > 1 else ""


def _halted(rows: Sequence[str]) -> str:
    """What ended the last turn: below what was asked last, with nothing said after it."""
    found = ""
    for at, row in enumerate(rows):
        if error := _ERROR.fullmatch(row.rstrip()):
            text = " ".join(line.strip() for line in (error.group(1), *rows[at + 1 : at + 3]))
            message = _MESSAGE.search(text)
            found = message.group(1) if message else error.group(1)[:_LONGEST]
        elif row.startswith("✦ ") or _ASKED.match(row):
            found = ""
    return found
