"""aider, as seen on 0.86.2, 60 to 120 columns.

It asks on the last line and takes a word: the first letter of an answer, then Enter. Enter alone
takes the answer in brackets. "Don't ask again" and "Skip all" are a no for later questions, too
(io.py, ``confirm_ask``); "All" is a yes to the rest of one list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.agents._aider.failing import gave_up, tries_again
from bot.core.agent import AgentSpec, Composer, Keys, Reading, State
from bot.core.grounds import grounds
from bot.core.layout import cells, is_rule, last_row, rejoin, trimmed
from bot.core.packs import Pack
from bot.core.programs import SHELLS, VIEWERS
from bot.core.prompts import Choice, Kind, Prompt, Role
from bot.core.screen import PaneFacts, Screen
from bot.core.signals import Signal, find_signals, holds_signals
from bot.core.speech import Passage
from bot.core.vitals import Vitals, count_tests

ID = "aider"
PROCESSES = frozenset({"aider"})
HOSTS = r"[Pp]ython[\d.]*"

LONGEST = 5
"""Rows that a question may take in a narrow pane."""
TALL = 10
"""Rows of nothing but a draft: a pane has that many, and its rule has scrolled away."""
_ASKS = re.compile(
    r"(?P<question>\S.*?\?) \(Y\)es/\(N\)o(?P<all>/\(A\)ll)?(?P<skip>/\(S\)kip all)?"
    r"(?P<never>/\(D\)on't ask again)? \[(?P<default>Yes|No)\]:(?: (?P<typed>.*))?"
)
_WORDS = (
    ("all", "All", Role.ALLOW_ALWAYS, "a"),
    ("skip", "Skip all", Role.DENY_ALWAYS, "s"),
    ("never", "Don't ask again", Role.DENY_ALWAYS, "d"),
)
_WRONG = "Please answer with one of: "
_SUBJECTS = {
    "Run shell command?": "shell",
    "Run shell commands?": "shell",
    "Run pip install?": "shell",
    "Add file to the chat?": "read",
    "Add URL to the chat?": "webfetch",
    "Create new file?": "write",
    "Allow edits to file that has not been added to the chat?": "edit",
}
"""Questions with their subject on the lines above, and the tool that they are about."""
_EDITS = ("write", "edit")
_AT_LAUNCH = re.compile(
    r"No git repo found, create one .*\?|Add \.\S+(?:, \.\S+)* to \.gitignore .*\?"
    r"|Would you like to see what's new .*\?"
    r"|Allow collection of anonymous analytics .*\?|Login to OpenRouter .*\?"
)
_LOGIN = re.compile(r"Login to OpenRouter .*\?")
_NO_KEY = "no key for any model: set one, such as OPENAI_API_KEY, or sign in at its terminal"
_KNOWN = re.compile(
    r"No files matched '.*'\. Do you want to create .*\?"
    r"|Add (?:[\d.]+k tokens of )?command output .*\?"
    r"|(?:Fix|Attempt to fix) (?:lint|test) errors.*\?|Try to proceed anyway\?|Edit the files\?"
)
_SHELL_PROMPT = re.compile(r"(?:.*[\w~/)\]] ?)?[$#%❯➜]")
_PROMPT = re.compile(r"(?:[a-z][a-z-]*)?(?: ?multi)?>(?: (?P<draft>.*))?")
_WAITS = re.compile(r"[^\w]*(?P<activity>Waiting for \S.*)")
_SPINS = re.compile(r" *(?:░█|█░) +Waiting for \S.*")
"""Told from somebody's text by the two cells that run before it."""
_VERSION = re.compile(r"Aider v\d+\.\d+.*")


def read_screen(screen: Screen) -> Reading:
    if screen.pane.dead:
        return Reading(ID, State.DEAD)
    command = screen.pane.command
    if command and command not in PROCESSES and not re.fullmatch(HOSTS, command):
        return Reading(ID, State.SHELL)
    rows = screen.trimmed()
    prompt = _question(screen, rows)
    if prompt is not None and _LOGIN.fullmatch(prompt.question):
        return Reading(ID, State.LOGIN)
    if prompt is not None:
        vague = screen.ansi is None and prompt.tool != ""
        signals = _signals(rows[: prompt.span[0]])
        state = State(prompt.kind.value)
        return Reading(ID, state, prompt, signals=signals, wants_colours=vague)
    box = None if _left(rows) else _box(rows)
    if box is None and _spins(rows):  # what it has printed since is taller than the pane
        return Reading(ID, State.WORKING, activity=_waits(rows), signals=_signals(rows))
    if box is None:
        hosted = bool(command) and command not in PROCESSES
        return Reading(ID, State.SHELL if hosted else State.NONE, signals=_signals(rows))
    if box.open:
        composer = Composer.DRAFT if box.draft else Composer.EMPTY
        signals = _signals(rows[: box.rule])
        return Reading(ID, State.IDLE, None, composer, box.draft, signals=signals)
    return Reading(ID, State.WORKING, activity=_waits(rows), signals=_signals(rows))


def _waits(rows: Sequence[str]) -> str:
    found = _WAITS.fullmatch(rows[-1])
    return found["activity"] if found else ""


def _spins(rows: Sequence[str]) -> bool:
    return bool(rows) and _SPINS.fullmatch(rows[-1]) is not None


def vitals(screen: Screen) -> Vitals:
    rows = screen.trimmed()
    lowest = " ".join(rows[-LONGEST:])
    asks = _LOGIN.search(lowest) and read_screen(screen).state is State.LOGIN
    if asks:
        return Vitals(tests=count_tests(rows), halted=_NO_KEY)
    if _spins(rows):
        return Vitals(tests=count_tests(rows), trouble=tries_again(rows[:-1]))
    box = None if _left(rows) else _box(rows)
    above = trimmed(rows[: box.rule]) if box is not None and box.open else ()
    return Vitals(tests=count_tests(rows), halted=gave_up(above))


def claims(screen: Screen) -> bool:
    rows = screen.trimmed()
    if screen.pane.command in SHELLS | VIEWERS or _left(rows):
        return False
    asks = _question(screen, rows) is not None
    return asks or _spins(rows) or _box(rows) is not None or any(map(_VERSION.fullmatch, rows))


def _left(rows: Sequence[str]) -> bool:
    """A shell's prompt stands below it all."""
    return bool(rows) and _SHELL_PROMPT.fullmatch(rows[-1]) is not None


# The line that a person types at


@dataclass(frozen=True, slots=True)
class _Box:
    """Under a rule, and the names of the files in the chat: the line for the next message."""

    rule: int
    line: int
    draft: str
    open: bool
    """Nothing has been printed below it since."""


def _box(rows: Sequence[str]) -> _Box | None:
    rule = last_row(rows, is_rule)
    first = _PROMPT.fullmatch(rows[0]) if rows else None
    if rule is None and first and len(rows) >= TALL and all(map(_PROMPT.fullmatch, rows)):
        return _Box(0, 0, *_written(rows, first))  # a draft that is taller than the pane
    if rule is None:
        return None
    for at in range(rule + 1, len(rows)):
        found = _PROMPT.fullmatch(rows[at])
        if found:
            return _Box(rule, at, *_written(rows[at:], found))
        if not rows[at].strip():
            return None
    return None


def _written(rows: Sequence[str], found: re.Match[str]) -> tuple[str, bool]:
    """The draft, and whether it is still one. Completions hang below it, further in."""
    lines = [(found["draft"] or "").strip()]
    for row in rows[1:]:
        more = _PROMPT.fullmatch(row)
        if more:
            lines.append((more["draft"] or "").strip())
        elif not row.startswith("  ") or _WAITS.fullmatch(row):
            return "", False
    return "\n".join(lines).strip(), True


# The question on the last line


def _question(screen: Screen, rows: Sequence[str]) -> Prompt | None:
    width = max(map(cells, rows), default=0)
    start, found = _asked(rows, width)
    if found is None or not _cursor_there(screen.pane, rows, width):
        return None
    question, typed = found["question"], (found["typed"] or "").strip()
    tool = _SUBJECTS.get(question, "")
    at_launch = _AT_LAUNCH.fullmatch(question) is not None
    top, subject, whole = (
        _subject(screen, rows, start, question, width) if tool else (start, (), True)
    )
    turn = _turn(rows, top)
    if tool in _EDITS and turn is None:
        whole = False  # what would be written has left the screen
    body = trimmed(rows[top if turn is None else turn : start])
    return Prompt(
        Kind.TRUST if at_launch else Kind.APPROVAL,
        ID,
        tool,
        rejoin(subject, width) if subject else question,
        question,
        _choices(found, at_launch, range(start, len(rows))),
        body=body,
        complete=whole,
        typing=bool(typed),
        typed=typed,
        span=(min(top, start), len(rows)),
        width=width,
    )


def _asked(rows: Sequence[str], width: int) -> tuple[int, re.Match[str] | None]:
    """The row where the question begins, and the question. It is cut at the very edge of the
    pane, also inside a word; a full row above may belong to it, or to what it is about."""
    best: tuple[int, re.Match[str] | None] = (len(rows), None)
    for at in range(len(rows) - 1, max(-1, len(rows) - 1 - LONGEST), -1):
        text = "".join(row.ljust(width) for row in rows[at:-1]) + rows[-1]
        found = _ASKS.fullmatch(text)
        if found:
            best = (at, found)
            question = found["question"]
            known = (_AT_LAUNCH.fullmatch(question), _KNOWN.fullmatch(question))
            if question in _SUBJECTS or any(known):
                break
        if not at or cells(rows[at - 1]) < width - 1:
            break
    return best


def _cursor_there(pane: PaneFacts, rows: Sequence[str], width: int) -> bool:
    if not pane.command:
        return True
    last = len(rows) - 1
    if pane.cursor_y == last:
        return pane.cursor_x >= cells(rows[last])
    return pane.cursor_y == last + 1 and pane.cursor_x < 2 and cells(rows[last]) >= width - 1


def _choices(found: re.Match[str], at_launch: bool, rows: range) -> tuple[Choice, ...]:
    yes = found["default"] == "Yes"
    once = Role.ACCEPT if at_launch else Role.ALLOW_ONCE
    here = tuple(rows)
    choices = [
        Choice(1, "Yes", once, selected=yes, rows=here, word="y"),
        Choice(2, "No", Role.DENY, selected=not yes, rows=here, word="n"),
    ]
    for name, label, role, word in _WORDS:
        if found[name]:
            choices.append(Choice(len(choices) + 1, label, role, rows=here, word=word))
    return tuple(choices)


def _subject(
    screen: Screen, rows: Sequence[str], start: int, question: str, width: int
) -> tuple[int, Sequence[str], bool]:
    """Where what is asked about begins, its lines, and whether they are all of it.

    It is printed reversed. Without colours it ends at the first empty line, which a command of
    several lines may have itself."""
    end = _asked_first(rows, start, question)
    top = end
    if screen.ansi is not None:
        lit = [bool(ground) and ground[0] is not None for ground in grounds(screen.ansi)]
        while top and top <= len(lit) and (lit[top - 1] or not rows[top - 1].strip()):
            top -= 1
        while top < end and not rows[top].strip():
            top += 1
        return top, rows[top:end], 0 < top < end
    while top and rows[top - 1].strip():
        top -= 1
    whole = 0 < top < end and not question.endswith("commands?")
    return top, rows[top:end], whole


def _asked_first(rows: Sequence[str], start: int, question: str) -> int:
    """An answer that it does not know is followed by the same question again."""
    while start and rows[start - 1].startswith(_WRONG):
        head = question[:12]
        above = range(start - 2, max(-1, start - 2 - LONGEST), -1)
        start = next((at for at in above if rows[at].startswith(head)), 0)
    return start


def _turn(rows: Sequence[str], top: int) -> int | None:
    """The row after the message that is being worked on."""
    box = _box(rows[:top])
    return None if box is None else box.line + 1


def _signals(rows: Sequence[str]) -> tuple[Signal, ...]:
    return find_signals(_said(rows), line_start=True) if holds_signals(rows) else ()


def _said(rows: Sequence[str]) -> Iterator[Passage]:
    width = max(map(cells, rows), default=0)
    block: list[str] = []
    for at, row in enumerate((*rows, "")):
        if row.strip() and not _PROMPT.fullmatch(row):
            block.append(row)
        elif block:
            yield Passage(tuple(block), width, start=at - len(block))
            block = []


AGENT = AgentSpec(
    id=ID,
    title="aider",
    processes=PROCESSES,
    hosts=HOSTS,
    made_from=Pack(("0.86.2",), "recorded on Linux before a scripted model"),
    read_screen=read_screen,
    vitals=vitals,
    claims=claims,
    launch=("aider",),
    busy_line="Waiting for",
    keys=Keys(interrupt=b"\x03"),
)
