"""Any program: a plain shell, yes/no prompts, and "something waits" for what is not known.

Nothing here is guessed: a yes/no question counts only when it is the last line, the cursor stands
behind it, and the words that it takes are known. A password is never answered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.core.agent import AgentSpec, Reading, State
from bot.core.forms import raw
from bot.core.layout import cells, trimmed
from bot.core.programs import SHELLS, VIEWERS
from bot.core.prompts import Choice, Kind, Prompt, Role
from bot.core.screen import PaneFacts, Screen
from bot.core.signals import Signal, find_signals, holds_signals
from bot.core.speech import Passage, beginning

ID = "generic"
SHOWING = frozenset(
    {"head", "grep", "egrep", "rg", "ag", "ack", "sed", "awk", "diff", "git", "nl", "history"}
    | {"strings", "fold", "column", "pr", "tac", "sort", "uniq", "batcat", "view", "zcat", "jq"}
)
"""What they print are the lines of files, too."""
_COMMAND_LINE = re.compile(r"(?:\S*[\w~/)\]] ?)?[$#%❯➜] +(?=\S)")
_YES_NO = re.compile(
    r"(?P<question>\S.*?) ?[\[(](?P<yes>y|yes)/(?P<no>no?)(?:/[^\])]*\]?)?[\])] ?[?:>]?"
    r"(?: ?(?P<typed>\w.*))?",
    re.IGNORECASE,
)
_ASKS = (
    # GNU coreutils 9 (rm, mv, cp and ln with -i): whatever begins with y is a yes
    ("y", "n", re.compile(r"(?P<question>(?:rm|mv|cp|ln): .+\?)(?: (?P<typed>\w.*))?")),
    # npm 11: the default stands in brackets
    ("yes", "no", re.compile(r"(?P<question>Is this OK\?) \(yes\)(?: (?P<typed>\w.*))?")),
    ("y", "n", re.compile(r"(?P<question>Ok to proceed\?) \(y\)(?: (?P<typed>\w.*))?")),
)
"""Questions that do not name both answers, and the words that they take."""
_SECRET = re.compile(r".*\b(?:password|passphrase|passcode|PIN|token)\b.*: ?", re.IGNORECASE)
_SOME_LETTERS = re.compile(r".*\[\w(?:,[\w?/])+\]\?")
_OPEN_QUESTION = re.compile(r".*\w.*\?")
_TYPED_AT_PROMPT = re.compile(r".*[$#%❯➜✗»λ>] \S")
NARROWEST = 30
"""Columns of the narrowest pane whose rows are put together."""
NARROW = 40
"""Columns of a pane of unknown width, at least: a shorter row is not taken for a full one."""
LONGEST = 3
"""Rows that a question may take in a narrow pane."""
_SHELL_PROMPT = re.compile(r"(?:.*[\w~/)\]] ?)?[$#%❯➜]")
_MENU_ROW = re.compile(r"[\s│┃]*[›❯>●▸◉*] ?\d+[.)] \S")
_KEYS = r" \((?:enter|return|esc|tab|shift\+\w+|[a-z])(?: or [a-z]+)*\)"
_KEYED_ROW = re.compile(rf"[\s│┃]*(?P<mark>[→❯›▸] )?\S.*{_KEYS}")
"""The key that takes a row stands behind it. The same letter means no to one program (Cursor's
CLI: ``Reject (esc or p)``) and yes for good to another (Codex 0.169.0): none is ever pressed."""
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
    if screen.pane.command in VIEWERS:
        return Reading(ID, State.SHELL, covered=True)
    signals = _signals(screen.pane, rows)
    prompt = _asked(screen.pane, rows) or _unreadable(screen.pane, rows)
    if prompt is not None:
        return Reading(ID, State(prompt.kind.value), prompt, signals=signals)
    at_shell = screen.pane.command in SHELLS or (not screen.pane.command and _at_prompt(rows))
    return Reading(ID, State.SHELL if at_shell else State.NONE, signals=signals)


def _at_prompt(rows: Sequence[str]) -> bool:
    return bool(rows) and _SHELL_PROMPT.fullmatch(rows[-1]) is not None


def _asked(pane: PaneFacts, rows: Sequence[str]) -> Prompt | None:
    """A yes/no question on the last line, of a program that draws no screen of its own."""
    if not rows or pane.alternate or not _cursor_behind(pane, rows):
        return None
    best: Prompt | None = None
    for start, text in _last_line(rows):
        yes, no, found = _understood(text)
        if found is None or _TYPED_AT_PROMPT.match(text):
            continue
        typed = (found["typed"] or "").strip()
        if typed and (not pane.command or start < len(rows) - 1):
            continue  # it cannot be told from an answer that was given, and what followed
        line = text[: found.start("typed")] if typed else text
        best = _prompt(rows, start, found["question"], line.strip(), (yes, no), typed)
        if found["question"][0].isupper():
            break  # a sentence begins here: a full row above is not the first part of it
    return best


def _last_line(rows: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The last row, and with it the full ones above that it may be the rest of."""
    width = max(map(cells, rows))
    text = rows[-1]
    for start in range(len(rows) - 1, max(-1, len(rows) - 1 - LONGEST), -1):
        yield start, text.strip()
        above = rows[start - 1] if start else ""
        if width < NARROWEST or cells(above) < width - 1:
            return
        text = above.ljust(width) + text


def _understood(text: str) -> tuple[str, str, re.Match[str] | None]:
    """The words for yes and no, and the question."""
    found = _YES_NO.fullmatch(text)
    if found:
        return found["yes"].lower(), found["no"].lower(), found
    for yes, no, pattern in _ASKS:
        found = pattern.fullmatch(text)
        if found:
            return yes, no, found
    return "", "", None


def _prompt(
    rows: Sequence[str], at: int, question: str, line: str, words: tuple[str, str], typed: str
) -> Prompt:
    start = at
    while start and rows[start - 1].strip() and at - start < BOTTOM:
        start -= 1
    here = tuple(range(at, len(rows)))
    choices = (
        Choice(1, "Yes", Role.ALLOW_ONCE, rows=here, word=words[0]),
        Choice(2, "No", Role.DENY, rows=here, word=words[1]),
    )
    return Prompt(
        Kind.APPROVAL,
        ID,
        subject=question,
        question=question,
        choices=choices,
        body=(*rows[start:at], line),  # without what is typed behind it
        typing=bool(typed),
        typed=typed,
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
    keyed = [found for row in bottom if (found := _KEYED_ROW.fullmatch(row.rstrip()))]
    menu = menu or (len(keyed) > 1 and sum(bool(found["mark"]) for found in keyed) == 1)
    numbered = sum(_NUMBERED_ROW.match(row) is not None for row in bottom) > 1
    asks = numbered and _ASKS_FOR_NUMBER.fullmatch(rows[-1].strip()) is not None
    foreign = pane.command not in SHELLS
    if _waits_for_words(pane, rows):
        return raw(ID, Kind.UNREADABLE, trimmed(bottom), None)
    if asks or (foreign and (menu or _TITLE_WAITS in pane.title)):
        return raw(ID, Kind.UNREADABLE, trimmed(bottom), None)
    return None


def _waits_for_words(pane: PaneFacts, rows: Sequence[str]) -> bool:
    """A password, which is never answered from here, or a question of unknown answers."""
    last = rows[-1].strip()
    if pane.alternate or not _cursor_behind(pane, rows):
        return False
    if _SECRET.fullmatch(last) or _SOME_LETTERS.fullmatch(last):
        return not _TYPED_AT_PROMPT.match(last)
    open_line = pane.cursor_x > cells(rows[-1])
    known = pane.command and pane.command not in SHELLS
    return bool(known) and open_line and _OPEN_QUESTION.fullmatch(last) is not None


def _signals(pane: PaneFacts, rows: Sequence[str]) -> tuple[Signal, ...]:
    """A shell has no tasks: what was out of sight before it is printed again is another one."""
    if not holds_signals(rows):
        return ()
    return find_signals(_printed(pane, rows), line_start=True, apart=pane.height)


def _printed(pane: PaneFacts, rows: Sequence[str]) -> Iterator[Passage]:
    """Output in blocks: between command lines and empty rows. What a command shows of a file is
    nobody's report."""
    width = max(map(cells, rows), default=0)
    lines = _command_lines(rows, pane.width or max(width, NARROW))
    turns = lines[-1].turn if lines else 0
    block: list[str] = []
    for at, (row, line) in enumerate(zip((*rows, ""), (*lines, _Line()), strict=True)):
        if row and not line.typed and not _shows_a_file(line.command):
            block.append(row)
        elif block:
            of = lines[at - 1]
            asked = beginning(of.command)
            when = (asked, of.turn, of.turn < turns)
            yield Passage(tuple(block), width, *when, pane.width, start=at - len(block))
            block = []


@dataclass(frozen=True, slots=True)
class _Line:
    """What a row belongs to. ``turn``: which command in sight, from 1; 0: none in sight."""

    typed: bool = False
    command: str = ""
    turn: int = 0


def _command_lines(rows: Sequence[str], width: int) -> list[_Line]:
    """A command line that fills its row goes on in the next one."""
    found: list[_Line] = []
    command, turn, open_ = "", 0, False
    for row in rows:
        line = _COMMAND_LINE.match(row)
        if line:
            command, turn = row[line.end() :], turn + 1
        typed = line is not None or open_
        open_ = typed and cells(row) >= width
        found.append(_Line(typed, command, turn))
    return found


def _shows_a_file(command: str) -> bool:
    words = command.split()
    return bool(words) and words[0].rpartition("/")[2] in (VIEWERS | SHOWING)


AGENT = AgentSpec(
    id=ID,
    title="Any program",
    processes=frozenset(),
    read_screen=read_screen,
    claims=lambda screen: True,
)
