"""Any program: a plain shell, yes/no prompts, and "something waits" for what is not known.

Nothing here is guessed: a yes/no prompt counts only when it is the last line and the cursor
stands behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.core.agent import AgentSpec, Reading, State
from bot.core.forms import raw
from bot.core.layout import cells, trimmed
from bot.core.programs import SHELLS, VIEWERS
from bot.core.prompts import Choice, Kind, Prompt, Role
from bot.core.screen import PaneFacts, Screen
from bot.core.signals import find_signals
from bot.core.speech import Passage

ID = "generic"
_YES_NO = re.compile(
    r"(?P<question>\S.*?)\s*[\[(](?:y|yes)/(?:n|no)(?:/[^\])]*)?[\])]\s*[?:>]?", re.IGNORECASE
)
_SHELL_PROMPT = re.compile(r"(?:.*[\w~/)\]] ?)?[$#%❯➜]")
_MENU_ROW = re.compile(r"[\s│┃]*[›❯>●▸◉*] ?\d+[.)] \S")
_NUMBERED_ROW = re.compile(r"\s*\d+[.)] \S")
_ASKS_FOR_NUMBER = re.compile(
    r"(?:#\?|.*\b(?:select|choice|choose|enter)\b.*[:?>])", re.IGNORECASE
)
_WAITS = re.compile(
    r"\bpress enter to (?:confirm|continue)\b|\benter to (?:submit|confirm|select)\b"
    r"|\benter confirm\b|\besc to (?:cancel|reject|exit)\b|\bpermission required\b",
    re.IGNORECASE,
)
_TITLE_WAITS = "Action Required"
BOTTOM = 16


def read_screen(screen: Screen) -> Reading:
    if screen.pane.dead:
        return Reading(ID, State.DEAD)
    rows = screen.trimmed()
    signals = find_signals(_printed(rows), line_start=True)
    if screen.pane.command in VIEWERS:
        return Reading(ID, State.SHELL, signals=signals)
    prompt = _yes_no(screen.pane, rows) or _unreadable(screen.pane, rows)
    if prompt is not None:
        return Reading(ID, State(prompt.kind.value), prompt, signals=signals)
    at_shell = screen.pane.command in SHELLS or (not screen.pane.command and _at_prompt(rows))
    return Reading(ID, State.SHELL if at_shell else State.NONE, signals=signals)


def _at_prompt(rows: Sequence[str]) -> bool:
    return bool(rows) and _SHELL_PROMPT.fullmatch(rows[-1]) is not None


def _yes_no(pane: PaneFacts, rows: Sequence[str]) -> Prompt | None:
    found = _YES_NO.fullmatch(rows[-1].strip()) if rows else None
    if found is None or not _cursor_behind(pane, rows):
        return None
    start = len(rows)
    while start and rows[start - 1].strip() and len(rows) - start < BOTTOM:
        start -= 1
    choices = (Choice(1, "Yes", Role.ALLOW_ONCE), Choice(2, "No", Role.DENY))
    question = found.group("question")
    return Prompt(
        Kind.APPROVAL,
        ID,
        subject=question,
        question=question,
        choices=choices,
        body=tuple(rows[start:]),
        span=(start, len(rows)),
    )


def _cursor_behind(pane: PaneFacts, rows: Sequence[str]) -> bool:
    if not pane.command:
        return True
    return pane.cursor_y == len(rows) - 1 and pane.cursor_x >= cells(rows[-1])


def _unreadable(pane: PaneFacts, rows: Sequence[str]) -> Prompt | None:
    """Something clearly waits. A shell that is back at its prompt never does."""
    if not rows or _at_prompt(rows):
        return None
    bottom = rows[-BOTTOM:]
    menu = any(_MENU_ROW.match(row) for row in bottom) or any(map(_WAITS.search, rows[-4:]))
    numbered = sum(_NUMBERED_ROW.match(row) is not None for row in bottom) > 1
    asks = numbered and _ASKS_FOR_NUMBER.fullmatch(rows[-1].strip()) is not None
    foreign = pane.command not in SHELLS
    if asks or (foreign and (menu or _TITLE_WAITS in pane.title)):
        return raw(ID, Kind.UNREADABLE, trimmed(bottom), None)
    return None


def _printed(rows: Sequence[str]) -> Iterator[Passage]:
    """Output in blocks: between command lines and empty rows."""
    width = max(map(cells, rows), default=0)
    block: list[str] = []
    for row in rows:
        if row and not _is_command_line(row):
            block.append(row)
        elif block:
            yield Passage(tuple(block), width)
            block = []
    if block:
        yield Passage(tuple(block), width)


def _is_command_line(row: str) -> bool:
    return re.match(r"(?:\S*[\w~/)\]] ?)?[$#%❯➜] ", row) is not None


AGENT = AgentSpec(
    id=ID,
    title="Any program",
    processes=frozenset(),
    read_screen=read_screen,
    claims=lambda screen: True,
)
