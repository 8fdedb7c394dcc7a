"""Whether an agent has taken a text: what besides its empty input box says so."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Any

from bot.core.agent import Composer, Reading
from bot.core.answering import squeezed

LONGEST = 40
"""Characters of a text's first line that are looked for on a screen."""
SURE = 8
"""As many of them mean the text wherever in a row they stand."""
DEEP = 6
"""Levels of a line of a transcript that are looked into: real ones have three."""

_MARKS = " \t\u00a0>\u276f\u203a┃│•╭╰-*"
"""Of whoever says it, and of a list, which Codex draws with other marks than were written."""


SCROLLED = 200
"""Characters of a text's end that are proof enough when an input box shows only its end."""

_NOTE = re.compile(
    r"(?:\[Pasted(?:text#\d+(?:\+\d+lines?)?|Content\d+chars|~\d+lines?|Text:\d+(?:lines|chars))"
    r"(?:#\d+)?\])+"
)
"""Without blanks, what stands for a long paste: Claude Code, Codex, OpenCode, Gemini CLI."""
_LISTED = re.compile(r"\s*[\u276f\u203a>] (?P<command>/\S+) {2,}\S.*")
"""The marked row of the commands that are listed beside an input box, with what each does."""
LIST_ROWS = 24
_HINT = re.compile(r"(?:<[^<>]+>|\[[^\[\]]+\])+")
"""As Claude Code 2.1.329 writes it, faintly; without colours it looks like typed text."""


class Sign(StrEnum):
    WORKS = "the agent set to work"
    ON_SCREEN = "it stands on the screen as said"
    WRITTEN = "it stands in the agent's own record"
    ACCOUNT = "the agent says of itself that it works"


def holds(reading: Reading, text: str) -> bool:
    """Whether our text stands in the input box and nothing else does: whole, its end where it is
    long, or the agent's note of a long paste."""
    if reading.prompt is not None or reading.composer is not Composer.DRAFT or reading.shell:
        return False
    draft, ours = squeezed(reading.draft), squeezed(text)
    scrolled = len(draft) >= SCROLLED and ours.endswith(draft)
    return draft == ours or scrolled or bool(_NOTE.fullmatch(draft)) or _is_hinted(draft, ours)


def _is_hinted(draft: str, ours: str) -> bool:
    """Behind a command the agent's own hint of what may follow: ``/clear [name]``."""
    behind = draft.removeprefix(ours)
    return ours.startswith("/") and behind != draft and _HINT.fullmatch(behind) is not None


def picks_another(rows: Sequence[str], text: str) -> bool:
    """Whether Enter would run another command than was written: with ``/comp`` in its box Claude
    Code 2.1.329 lists ``/compact``, marked, also behind a blank."""
    wanted = text.strip()
    listed = [found["command"] for row in rows[-LIST_ROWS:] if (found := _LISTED.fullmatch(row))]
    return wanted.startswith("/") and any(command != wanted for command in listed)


def probe(text: str, *, last: bool = False) -> str:
    """What of a text, or of a draft, is found again in a row that shows it as said: of its first
    line, or of its last one, where the others may have scrolled away."""
    rows = [row for row in text.splitlines() if row.strip(_MARKS)]
    row = rows[-1 if last else 0] if rows else ""
    return row.strip(_MARKS)[:LONGEST].rstrip()


def has_come_up(text: str, draft: str, before: Sequence[str], now: Sequence[str]) -> bool:
    """Whether a row shows the text as said, that is not in the input box any more. ``draft``: as
    it stood there, where the agent may have put a note of a long paste in its place."""
    for wanted in {probe(text), probe(draft), probe(draft, last=True)} - {""}:
        in_box = any(_shows(row, wanted) for row in draft.splitlines())
        needed = times_shown(before, wanted) + (0 if in_box else 1)
        if times_shown(now, wanted) >= max(needed, 1):
            return True
    return False


def times_shown(rows: Sequence[str], wanted: str) -> int:
    """Rows that hold it; a short one has to be all that stands there, or the end of it."""
    return sum(_shows(row, wanted) for row in rows) if wanted else 0


def _shows(row: str, wanted: str) -> bool:
    said = row.strip(_MARKS)
    if len(wanted) >= SURE:
        return wanted in said
    return said == wanted or said.endswith(f" {wanted}")


def stands_in(record: str, text: str) -> bool:
    """Whether a person says that text in these lines of a transcript: a JSON document each. As
    Claude Code 2.1.197 and 2.1.329 (``{"message": {"role": "user", "content": …}}``) and Codex
    0.169.0 (``{"payload": {"role": "user", "content": [{"text": …}]}}``) write it."""
    wanted = squeezed(text)
    return any(squeezed(said) == wanted for said in _said(record))


def _said(record: str) -> Iterator[str]:
    for line in record.splitlines():
        if '"user"' not in line:
            continue
        try:
            yield from _words(json.loads(line), DEEP)
        except (ValueError, RecursionError):
            continue


def _words(value: Any, depth: int) -> Iterator[str]:
    if not isinstance(value, dict) or not depth:
        return
    if value.get("role") == "user":
        content = value.get("content")
        parts = content if isinstance(content, list) else [content]
        texts = [part.get("text") if isinstance(part, dict) else part for part in parts]
        yield from (text for text in texts if isinstance(text, str))
        return
    for inner in value.values():
        yield from _words(inner, depth - 1)
