"""Codex CLI, as seen on 0.169.0, 60 to 140 columns.

A dialog takes the place of the input box at the bottom. What a command prints is not marked: its
lines stand two columns deep, the dialog's own rows at the left edge, and only the lowest list
counts. Its letters (y, p, a, n) act at once, also inside typed text, so no letter is ever sent:
arrows, Enter on a row that is seen to be marked, and Escape, which is no and ends the turn.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.agents._codex import hooking, roles
from bot.agents._codex.vitals import signs_in, vitals
from bot.core.agent import AgentSpec, Composer, Reading, State, Timing
from bot.core.forms import raw
from bot.core.labels import plain, role_in
from bot.core.layout import cells, is_flush, last_row, rejoin, trimmed
from bot.core.numbered import Numbered, Row, lowest_list
from bot.core.packs import Pack
from bot.core.panels import paragraphs
from bot.core.programs import may_run
from bot.core.prompts import Choice, Kind, Prompt, Role
from bot.core.screen import Screen
from bot.core.sgr import faint_cells
from bot.core.signals import Signal, find_signals
from bot.core.speech import Marks, spoken

ID = "codex"
PROCESSES = frozenset({"codex", "node"})
"""From npm it runs as ``node``, from a release or Homebrew as itself."""
TITLES = r"\[ [!.] \] Action Required.*"
MARKS = Marks(says="•", notes="└")
CARET = "›"

_CONFIRMS = re.compile(r"Press enter to (?:confirm|continue)(?: or esc to \w+(?: \w+)?)?")
_SUBMITS = re.compile(r"(?:.* \| )?enter to submit(?: \w+)?(?:(?: \|)? (?:esc|←).*)?")
_NOTES = re.compile(r"tab or esc to clear notes \| enter to submit(?: \w+)?(?: \| .*)?")
_SELECTS = re.compile(r"enter (?:select|continue|confirm|open) · .*\besc \w+.*")
_ANY_HINT = re.compile(r"(?i)\b(?:press )?(?:enter|esc) (?:to )?\w+")
_RUNS = "Would you like to run the following command?"
_EDITS = "Would you like to make the following edits?"
_ASKS_LEAVE = re.compile(r"(?:Would you like|Do you want) to .*\?")
_MCP = re.compile(r'Allow the (?P<server>.+) MCP server to run tool "(?P<tool>.+?)"\?')
_FIELD = re.compile(r"Field \d+/\d+")
_QUESTION = re.compile(r"Question \d+/\d+(?: \(.*\))?")
_PLAN = "Implement this plan?"
_TRUST = re.compile(r"Folder access|Do you trust the contents of this directory\?.*")
_CUT = re.compile(r"\[… \d+ lines?\](?: .*)?")
_COUNTS = re.compile(r"\(\+(?P<added>\d+) -(?P<removed>\d+)\)$")
_CHANGED = re.compile(r" +\d+ (?P<sign>[+-])")
_OWN_ANSWER = re.compile(r"none of the above")
_ACTIVITY = re.compile(r"• (?P<text>\S.*\((?:\d+[hms] ?)+ • esc to interrupt\).*)")
_WHEEL = re.compile(r"[\u2801-\u28ff] ?.*")
_STATUS = re.compile(
    r"  \? for shortcuts|  ← for agents.*|  \S.* · (?:~|/)\S*.*|.*⚠ \d+ warnings?.*"
)
_CHANGE = re.compile(r"• (?:Edited|Added|Deleted|Edit|Proposed) ")
_PLACEHOLDER = re.compile(r"Ask Codex to do anything")


def read_screen(screen: Screen) -> Reading:
    if screen.pane.dead:
        return Reading(ID, State.DEAD)
    if not may_run(screen.pane, PROCESSES, TITLES):
        return Reading(ID, State.SHELL)
    rows = screen.trimmed()
    if signs_in(rows):
        return Reading(ID, State.LOGIN)
    prompt = _dialog(rows)
    if prompt is not None:
        signals = _signals(rows[: prompt.span[0]])
        return Reading(ID, State(prompt.kind.value), prompt, signals=signals)
    at = _composer_row(rows)
    if at is not None:
        return _at_composer(screen, rows, at)
    if re.fullmatch(TITLES, screen.pane.title):
        return Reading(ID, State.UNREADABLE, raw(ID, Kind.UNREADABLE, rows, None))
    return Reading(ID, State.NONE)


def claims(screen: Screen) -> bool:
    rows = screen.trimmed()
    if signs_in(rows):
        return True
    prompt = _dialog(rows)
    if prompt is not None:
        titled = bool(re.fullmatch(TITLES, screen.pane.title))
        return titled or prompt.kind is not Kind.UNREADABLE
    at = _composer_row(rows)
    return at is not None and any(_STATUS.fullmatch(row) for row in rows[at + 1 :])


# What stands at the bottom: the input box


def _composer_row(rows: Sequence[str]) -> int | None:
    """The lowest row at the left edge, if the box begins with it."""
    lowest = last_row(rows, is_flush)
    begins = lowest is not None and re.match(f"{CARET}(?: |$)", rows[lowest])
    return lowest if begins else None


def _at_composer(screen: Screen, rows: Sequence[str], at: int) -> Reading:
    text = "\n".join(_draft(rows, at))
    foot = [row.strip() for row in rows[at + 1 :] if row.strip()]
    if foot == ["? for shortcuts"]:
        return Reading(ID, State.WORKING)  # it still starts, and loses Enter (0.169.0)
    hint = not text or _is_hint(screen, at, text)
    composer = Composer.EMPTY if hint else Composer.DRAFT
    activity = _activity(rows[:at])
    busy = bool(activity) or _WHEEL.fullmatch(screen.pane.title) is not None
    state, signals = State.WORKING if busy else State.IDLE, _signals(rows[:at])
    vague, draft = not hint and screen.ansi is None, "" if hint else text
    return Reading(ID, state, None, composer, draft, activity, signals, vague)


def _draft(rows: Sequence[str], at: int) -> tuple[str, ...]:
    """The box up to the empty row before the status lines, which are the last paragraph."""
    end = len(rows)
    while end > at + 1 and rows[end - 1].strip():
        end -= 1
    lines = [rows[at][2:], *(row[2:] for row in rows[at + 1 : end])] if end > at + 1 else []
    return trimmed(lines or [rows[at][2:]])


def _is_hint(screen: Screen, at: int, text: str) -> bool:
    """Whether the text is the agent's own: faint, or without colours one that is known."""
    if screen.ansi is None or at >= len(screen.ansi):
        return _PLACEHOLDER.fullmatch(text) is not None
    shown = [cell for cell in faint_cells(screen.ansi[at])[1:] if cell[0].strip()]
    return bool(shown) and all(faint or reverse for _, faint, reverse in shown)


def _activity(rows: Sequence[str]) -> str:
    """The working line: the lowest row at the left edge, if it is one."""
    lowest = last_row(rows, is_flush)
    found = None if lowest is None else _ACTIVITY.fullmatch(rows[lowest])
    return found.group("text") if found else ""


def _signals(rows: Sequence[str]) -> tuple[Signal, ...]:
    return find_signals(spoken(rows, MARKS))


# What stands at the bottom: a dialog


def _dialog(rows: Sequence[str]) -> Prompt | None:
    found = lowest_list(rows, CARET, (0, 2))
    if found is None or any(row[:1] not in ("", " ", "↓") for row in rows[found.end :]):
        return None
    below = [row.strip() for row in rows[found.end :] if row.strip() not in ("", "↓")]
    footer = " ".join(below)
    top = _top(rows, found)
    prompt = _understood(rows, found, top, footer)
    if prompt is not None:
        return prompt
    hinted = bool(below) and _ANY_HINT.search(footer) is not None
    if not hinted or any(_STATUS.fullmatch(f"  {row}") for row in below):
        return None
    asks = any(_ASKS_LEAVE.fullmatch(row.strip()) for row in rows[top : found.first])
    return raw(ID, Kind.UNREADABLE if asks else Kind.MENU, rows, top - 1 if top else None)


def _top(rows: Sequence[str], found: Numbered) -> int:
    """Below the lowest row of the transcript: a dialog has nothing at the left edge but carets."""
    lowest = last_row(rows[: found.first], is_flush)
    return 0 if lowest is None else lowest + 1


def _understood(rows: Sequence[str], found: Numbered, top: int, footer: str) -> Prompt | None:
    start = next((at for at in range(top, found.first) if _is_title(rows[at])), None)
    about = () if start is None else trimmed(rows[start : found.first])
    if start is None or not about or found.marked is None:
        return None
    typed = _typed(footer) if _is_notes(footer) else None
    base = Prompt(
        Kind.MENU,
        ID,
        body=tuple(row[2:] for row in about),
        span=(start, len(rows)),
        cancel_denies=typed is None,
        typing=typed is not None,
        width=max(map(cells, rows)),
    )
    last = about[-1].strip()
    if _CONFIRMS.fullmatch(footer) and found.column == 0:
        return _approval(rows, found, base)
    if _SUBMITS.fullmatch(footer) or typed is not None:
        if _QUESTION.fullmatch(about[0].strip()):
            return _question(found, base, typed)
        return _mcp(found, base)
    if _SELECTS.fullmatch(footer) and last == _PLAN:
        return _plan(rows, top, found, base)
    is_trust = _TRUST.match(about[0].strip()) and found.column == 0
    return _launch(found, base) if is_trust else None


def _is_title(row: str) -> bool:
    """What stands deeper, or further up, is a note of the transcript's."""
    text = row[2:]
    known = (_ASKS_LEAVE, _MCP, _FIELD, _QUESTION, _TRUST)
    return row[:2] == "  " and (text == _PLAN or any(one.match(text) for one in known))


def _is_notes(footer: str) -> bool:
    return footer.startswith(CARET) and _NOTES.search(footer) is not None


def _typed(footer: str) -> str:
    """What stands in the field for notes; its hint is no text."""
    text = footer.removeprefix(CARET).partition("tab or esc")[0].strip()
    return "" if text == "Add notes" else text


def _filled(base: Prompt, found: Numbered, role_of: object) -> Prompt | None:
    choices = found.choices(base.width, role_of)  # type: ignore[arg-type]
    return None if choices is None else replace(base, choices=choices)


# The dialogs that can be answered


def _approval(rows: Sequence[str], found: Numbered, base: Prompt) -> Prompt | None:
    title = base.body[0]
    prompt = _filled(base, found, _approval_role)
    if prompt is None:
        return None
    prompt = replace(prompt, kind=Kind.APPROVAL, question=title)
    prompt = _about(rows, prompt)
    # in a low pane its last rows are cut off, without a mark
    whole = prompt.with_role(Role.DENY) is not None
    return replace(prompt, complete=prompt.complete and whole)


def _about(rows: Sequence[str], prompt: Prompt) -> Prompt:
    if prompt.question == _RUNS:
        return _command(prompt)
    if prompt.question == _EDITS:
        return _edit(rows, prompt)
    whole = " ".join(paragraphs(prompt.body[1:], prompt.width))
    return replace(prompt, subject=whole or prompt.question)


def _approval_role(row: Row, label: str) -> Role | None:
    return role_in(roles.APPROVAL, plain(label))


def _command(prompt: Prompt) -> Prompt:
    """It begins behind the first ``$`` below an empty row: a reason is one paragraph."""
    body = prompt.body
    starts = (at for at in range(1, len(body)) if body[at].startswith("$ ") and not body[at - 1])
    start = next(starts, None)
    if start is None:
        return replace(prompt, tool="exec_command", complete=False)
    lines = [body[start][2:], *body[start + 1 :]]
    cut = _CUT.fullmatch(lines[-1]) is not None
    subject = rejoin(lines[:-1] if cut else lines, prompt.width - 2)
    return replace(prompt, tool="exec_command", subject=subject, complete=not cut)


def _edit(rows: Sequence[str], prompt: Prompt) -> Prompt:
    """The changes stand above the dialog, in the transcript; folded, they are not all there."""
    files = [
        row.removeprefix("Destination: ") for row in prompt.body if row.startswith("Destination: ")
    ]
    top = prompt.span[0]
    start = last_row(rows[:top], is_flush)
    changes = [] if start is None else list(trimmed(rows[start:top]))
    if start is None or not _CHANGE.match(changes[0]):
        return replace(prompt, tool="apply_patch", subject="\n".join(files), complete=False)
    return replace(
        prompt,
        tool="apply_patch",
        subject="\n".join(files),
        body=(*changes, "", *prompt.body),
        span=(start, prompt.span[1]),
        complete=bool(files) and _is_whole(changes),
    )


def _is_whole(changes: Sequence[str]) -> bool:
    """As many lines with a sign as the counts behind the title say."""
    told = _COUNTS.search(changes[0])
    shown = sum(_CHANGED.match(row) is not None for row in changes)
    return told is not None and shown == int(told["added"]) + int(told["removed"])


def _mcp(found: Numbered, base: Prompt) -> Prompt | None:
    lines = [row for row in base.body if row.strip()]
    if lines and _FIELD.fullmatch(lines[0].strip()):
        lines = lines[1:]
    asks = _MCP.match(" ".join(line.strip() for line in lines))
    prompt = _filled(base, found, _approval_role)
    if asks is None or prompt is None:
        return None
    tool = f"mcp__{asks['server']}__{asks['tool']}"
    arguments = " ".join(line.strip() for line in lines)[asks.end() :].strip()
    question, subject = asks.group(), arguments or asks.group()
    return replace(prompt, kind=Kind.APPROVAL, tool=tool, question=question, subject=subject)


def _question(found: Numbered, base: Prompt, typed: str | None) -> Prompt | None:
    question = " ".join(" ".join(paragraphs(base.body[1:], base.width)).split())

    def role(row: Row, label: str) -> Role:
        return Role.OTHER if _OWN_ANSWER.fullmatch(plain(label)) else Role.ANSWER

    prompt = _filled(base, found, role)
    if prompt is None:
        return None
    choices = tuple(_with_notes(choice, typed) for choice in prompt.choices)
    prompt = replace(prompt, kind=Kind.QUESTION, tool="request_user_input", choices=choices)
    return replace(prompt, question=question, subject=question, tab_opens=True)


def _with_notes(choice: Choice, typed: str | None) -> Choice:
    if not typed or not choice.selected:
        return choice
    return replace(choice, label=f"{choice.label}: {typed}")


def _plan(rows: Sequence[str], top: int, found: Numbered, base: Prompt) -> Prompt | None:
    """The plan itself stands in the transcript above."""
    prompt = _filled(base, found, lambda row, label: role_in(roles.PLAN, plain(label)))
    if prompt is None:
        return None
    whole = top > 0 and rows[top - 1].startswith("• Proposed Plan")
    plan = trimmed([row[2:] for row in rows[top : base.span[0]]])
    return replace(
        prompt,
        kind=Kind.PLAN,
        subject=plan[0].strip() if plan and whole else _PLAN,
        question=_PLAN,
        body=(*plan, "", *base.body),
        span=(max(0, top - 1), base.span[1]),
        complete=whole,
    )


def _launch(found: Numbered, base: Prompt) -> Prompt | None:
    prompt = _filled(base, found, lambda row, label: role_in(roles.LAUNCH, plain(label)))
    if prompt is None:
        return None
    texts = paragraphs(base.body, base.width)
    asks = re.search(r"[^.?]*\?", " ".join(texts[1:]))
    path = next((row.strip() for row in base.body if re.match(r"\s*[~/]", row)), texts[0])
    question = asks.group().strip() if asks else texts[0]
    return replace(prompt, kind=Kind.TRUST, subject=path, question=question)


AGENT = AgentSpec(
    id=ID,
    title="Codex CLI",
    processes=PROCESSES,
    made_from=Pack(("0.169.0",), "recorded on Linux before a scripted model"),
    read_screen=read_screen,
    vitals=vitals,
    claims=claims,
    titles=TITLES,
    launch=("codex",),
    permission_flag="--ask-for-approval",
    default_mode="on-request",
    busy_rows=12,
    timing=Timing(enter=0.6),
    queued_line=r"^• (?:Messages to be submitted after next tool call|Queued follow-up)",
    hooks=hooking.SETUP,
    read_hook=hooking.read,
    answer_hook=hooking.answer,
)
