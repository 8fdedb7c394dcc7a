"""Gemini CLI, as seen on 0.61.0, 60 to 140 columns.

A dialog is a box at the bottom of the main screen, in the place of the input box; what is asked
stands in a box inside it, so that no line of it can pose as a row. A dialog that is higher than
the pane runs into the scrollback without a mark: only one whose upper edge is seen is whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.agents._gemini.vitals import signs_in, vitals
from bot.agents._gemini.window import ASKS_SEVERAL, window
from bot.core.agent import AgentSpec, Composer, Reading, State, Timing
from bot.core.forms import raw
from bot.core.labels import plain, role_in, role_table
from bot.core.layout import cells, indent, is_rule, last_row, rejoin, trimmed
from bot.core.numbered import Numbered, Row, lowest_list
from bot.core.packs import Pack
from bot.core.panels import flowed
from bot.core.programs import may_run
from bot.core.prompts import Kind, Prompt, Role
from bot.core.screen import Screen
from bot.core.signals import Signal, find_signals
from bot.core.speech import Marks, spoken

ID = "gemini"
PROCESSES = frozenset({"gemini", "node"})
TITLES = r"[✋✦◇] {1,2}(?:Action Required|Working…|Ready).*"
MARKS = Marks(says="✦", notes="╭│╰ℹ✕")
CARET = "●"
CARETS = ">!*"

_APPROVAL_ROLES = role_table(
    (Role.ALLOW_ONCE, r"(?:yes, )?allow once"),
    (
        Role.ALLOW_ALWAYS,
        r"(?:yes, )?(?:always )?allow (?:(?:tool |this command |all server tools )?"
        r"(?:for (?:this|all future) sessions?|always).*|always.*)|always allow.*",
    ),
    (Role.OTHER, r"modify with external editor"),
    (Role.DENY, r"no(?:, suggest changes)?(?: \(esc\))?"),
)
_LAUNCH_ROLES = role_table(
    (Role.ACCEPT, r"trust folder(?: \(.*\))?"),
    (Role.ACCEPT_ALWAYS, r"trust parent folder(?: \(.*\))?"),
    (Role.DENY, r"don't trust(?: \(.*\))?"),
)
_TOOLS = {
    "Shell": "run_shell_command",
    "WriteFile": "write_file",
    "Edit": "replace",
    "WebFetch": "web_fetch",
    "ReadFile": "read_file",
}
_TRUST = "Do you trust the files in this folder?"
_QUESTIONS = "Answer Questions"
_HEAD = re.compile(r"\?  ?(?P<tool>\S+)(?: (?P<rest>.*))?")
_MCP = re.compile(r"\((?P<server>.+?) MCP Server\) ?(?P<arguments>.*)")
_PLACE = re.compile(r" {2,}\d+ of \d+$")
_HIDDEN = re.compile(r"\.\.\. .*\bhidden\b.*")
_ASKS = re.compile(r"(?:Allow|Apply|Do you want) .*\?")
_CUSTOM = "enter a custom value"
_SUBMITS = re.compile(r"Enter to submit · .*")
_CHOOSES = re.compile(r"Enter to select · .*")
_SPINNER = re.compile(
    r" ?[\u2801-\u28ff] (?P<text>\S.*?\(esc to cancel(?:, [^)]*)?\))(?: {2,}.*)?"
)
_OWN_WORDS = re.compile(r" [>!*] ")
_PLACEHOLDER = re.compile(r"Type your message or @path/to/file|Type your shell command")


@dataclass(frozen=True, slots=True)
class _Box:
    """The rows inside a frame, without its sides."""

    top: int
    """The row of the upper edge, or the first of the screen."""
    bottom: int
    whole: bool
    """Its upper edge is on the screen."""
    rows: tuple[str, ...]
    width: int


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
    edges = _composer_edges(rows)
    if edges is not None:
        return _at_composer(screen, rows, *edges)
    if "Action Required" in screen.pane.title:
        return Reading(ID, State.UNREADABLE, raw(ID, Kind.UNREADABLE, rows, None))
    return Reading(ID, State.NONE)


def claims(screen: Screen) -> bool:
    rows = screen.trimmed()
    if signs_in(rows):
        return True
    prompt = _dialog(rows)
    if prompt is not None:
        titled = re.fullmatch(TITLES, screen.pane.title) is not None
        return titled or prompt.kind is not Kind.UNREADABLE
    return _composer_edges(rows) is not None


# What stands at the bottom: the input box


def _composer_edges(rows: Sequence[str]) -> tuple[int, int] | None:
    """Its upper and lower edge."""
    return _drawn_edges(rows) or _blank_edges(rows)


def _drawn_edges(rows: Sequence[str]) -> tuple[int, int] | None:
    """What a person said before has such edges, too, but no mode line under a rule above it."""
    bottom = last_row(rows, lambda row: is_rule(row, "▀"))
    if bottom is None:
        return None
    top = last_row(rows[:bottom], lambda row: is_rule(row, "▄"))
    if top is None or top + 1 >= bottom or rows[top + 1][1:2] not in tuple(CARETS):
        return None
    has_mode_line = any(is_rule(row) for row in rows[max(0, top - 4) : top])
    return (top, bottom) if has_mode_line or rows[bottom + 1 :] else None


def _blank_edges(rows: Sequence[str]) -> tuple[int, int] | None:
    """Without true colour (COLORTERM) its edges are empty rows, and the lowest rule is the one
    above its mode line. The footer has none: what has empty rows in it is a draft."""
    rule = last_row(rows, is_rule)
    if rule is None:
        return None
    for at in range(rule + 2, min(rule + 7, len(rows))):
        if rows[at][:1] == " " and rows[at][1:2] in tuple(CARETS) and not rows[at - 1].strip():
            below = range(len(rows) - 1, at, -1)
            return at - 1, next((end for end in below if not rows[end].strip()), len(rows))
    return None


def _at_composer(screen: Screen, rows: Sequence[str], top: int, bottom: int) -> Reading:
    text = "\n".join(row[3:] for row in rows[top + 1 : bottom]).strip()
    shell = rows[top + 1][1] == "!"
    hint = not text or _PLACEHOLDER.fullmatch(text) is not None
    composer = Composer.DRAFT if shell or not hint else Composer.EMPTY
    activity = _activity(rows[:top])
    busy = bool(activity) or screen.pane.title.startswith("✦")
    draft = "" if hint else text
    return Reading(
        ID,
        State.WORKING if busy else State.IDLE,
        None,
        composer,
        f"! {draft}".strip() if shell else draft,
        activity,
        _signals(rows[:top]),
        shell=shell,
    )


def _activity(rows: Sequence[str]) -> str:
    for row in reversed(rows[-6:]):
        if found := _SPINNER.fullmatch(row):
            return found.group("text")
    return ""


def _signals(rows: Sequence[str]) -> tuple[Signal, ...]:
    """A person's own words end what the agent said, also where no edge is drawn around them."""
    parted = [row[1:] if _OWN_WORDS.match(row) else row for row in rows]
    return find_signals(spoken(parted, MARKS))


# What stands at the bottom: a dialog


def _dialog(rows: Sequence[str]) -> Prompt | None:
    box = _lowest_box(rows)
    if box is None:
        return None
    found = lowest_list(box.rows, CARET, (0,), described=True)
    prompt = _clipped(box) or (None if found is None else _understood(box, found))
    if prompt is not None or box.bottom != len(rows) - 1:
        return prompt
    heads = {row.strip() for row in box.rows}
    waits = found is not None or _QUESTIONS in heads or "Action Required" in heads
    return raw(ID, Kind.UNREADABLE, rows, box.top - 1 if box.top else None) if waits else None


def _lowest_box(rows: Sequence[str]) -> _Box | None:
    """The frame that ends with the last row."""
    bottom = len(rows) - 1
    depth = indent(rows[bottom]) if rows else 0
    edge = rows[bottom].strip() if rows else ""
    if depth > 1 or not edge.startswith("╰─") or not edge.endswith("─╯"):
        return None
    top = bottom
    while top and rows[top - 1][depth : depth + 1] == "│" and indent(rows[top - 1]) == depth:
        top -= 1
    whole = top > 0 and rows[top - 1][depth:].startswith("╭─")
    inner = tuple(_inside(row[depth:]) for row in rows[top:bottom])
    return _Box(top - 1 if whole else top, bottom, whole, inner, cells(edge) - 4)


def _inside(row: str) -> str:
    text = row[1:].removesuffix("│")
    return text[1:].rstrip()


def _understood(box: _Box, found: Numbered) -> Prompt | None:
    about = trimmed(box.rows[: found.first])
    footer = " ".join(row.strip() for row in box.rows[found.end :] if row.strip(" ▲▼"))
    if not about:
        return None
    base = _framed(Kind.MENU, box, about)
    if any(row.strip() == _TRUST for row in about):
        prompt = _filled(base, box, found, lambda row, label: role_in(_LAUNCH_ROLES, plain(label)))
        return prompt and _launch(prompt)
    if _SUBMITS.fullmatch(footer) or _CHOOSES.fullmatch(footer):
        return _question(base, box, found, about, typing=bool(_SUBMITS.fullmatch(footer)))
    return _approval(base, box, found, about) if not footer else None


def _framed(kind: Kind, box: _Box, about: Sequence[str]) -> Prompt:
    """What a dialog has by its box alone."""
    return Prompt(
        kind,
        ID,
        body=_shown(about),
        complete=box.whole,
        span=(box.top, box.bottom + 1),
        cancel_denies=True,
        width=box.width + 4,
    )


def _shown(about: Sequence[str]) -> tuple[str, ...]:
    """Without the frame of the part inside."""
    inner = [row for row in about if row[:2] not in ("╭─", "╰─")]
    return tuple(_inside(row) if row.startswith("│") else row for row in inner)


def _filled(base: Prompt, box: _Box, found: Numbered, role_of: object) -> Prompt | None:
    choices = found.choices(box.width, role_of)  # type: ignore[arg-type]
    if choices is None:
        return None
    first = box.top + 1 if box.whole else box.top
    placed = tuple(replace(c, rows=tuple(first + row for row in c.rows)) for c in choices)
    return replace(base, choices=placed)


# The dialogs that can be answered


def _launch(prompt: Prompt) -> Prompt:
    """It can be left by Escape, but not said to be denied by it."""
    named = re.search(r"\((.*)\)", prompt.choices[0].label)
    subject = named.group(1) if named else _TRUST
    return replace(prompt, kind=Kind.TRUST, subject=subject, question=_TRUST, cancel_denies=False)


def _question(
    base: Prompt, box: _Box, found: Numbered, about: Sequence[str], *, typing: bool
) -> Prompt | None:
    if about[0].strip() != _QUESTIONS:
        return None
    last = found.items[-1]

    def role(row: Row, label: str) -> Role:
        own = plain(label) == _CUSTOM or (typing and row is last and row.marked)
        return Role.OTHER if own else Role.ANSWER

    prompt = _filled(base, box, found, role)
    if prompt is None:
        return None
    rest = [row for row in about[1:] if not row.startswith("←") and row.strip(" ▲▼")]
    text = flowed(rest, box.width)
    caret = prompt.selected
    open_ = typing and caret is not None and caret.role is Role.OTHER
    return replace(
        prompt,
        kind=Kind.QUESTION,
        tool="ask_user",
        subject=text,
        question=text,
        typing=open_,
    )


def _clipped(box: _Box) -> Prompt | None:
    """A question whose list is longer than what is shown of it."""
    end = next((at for at, row in enumerate(box.rows) if row.strip() == "▲"), 0)
    about = trimmed(box.rows[:end])
    if len(about) < 2 or about[0].strip() != _QUESTIONS:
        return None
    several = about[-1].strip() == ASKS_SEVERAL
    about = tuple(row for row in about if not row.startswith("←"))  # it says what is ticked so far
    text = flowed(about[1:-1] if several else about[1:], box.width)
    framed = _framed(Kind.QUESTION, box, about)
    whole = framed.complete and not any(_HIDDEN.fullmatch(row.strip()) for row in about)
    base = replace(framed, tool="ask_user", subject=text, question=text, complete=whole)
    writes = any(_SUBMITS.fullmatch(row.strip()) for row in box.rows[end:])
    first = box.top + 1 if box.whole else box.top
    return window(base, box.rows, first, several=several, writes=writes)


def _approval(base: Prompt, box: _Box, found: Numbered, about: Sequence[str]) -> Prompt | None:
    asked = _question_row(about, box.width)
    question = flowed(about[asked:], box.width)
    prompt = _filled(base, box, found, lambda row, label: role_in(_APPROVAL_ROLES, plain(label)))
    head = _heading(about[:asked])
    if prompt is None or prompt.with_role(Role.DENY) is None:
        return None
    if not _ASKS.fullmatch(question) and box.whole:
        return None
    hidden = any(_HIDDEN.fullmatch(row.strip()) for row in prompt.body)
    tool, subject, cut = _asked(head, about[:asked], box)
    return replace(
        prompt,
        kind=Kind.APPROVAL,
        tool=tool,
        subject=subject,
        question=question,
        complete=prompt.complete and not hidden and not cut,
    )


def _question_row(about: Sequence[str], width: int) -> int:
    """Where the question begins that stands right above the rows: wrapped, it has several."""
    for at in range(len(about) - 1, max(-1, len(about) - 6), -1):
        if not about[at].strip() or about[at][:1] in ("╰", "│"):
            break
        if _ASKS.fullmatch(flowed(about[at:], width)):
            return at
    return len(about)


def _heading(rows: Sequence[str]) -> str:
    """The line with the tool's name; empty when it is off the screen."""
    return next((_PLACE.sub("", row) for row in rows[:4] if _HEAD.match(row)), "")


def _asked(head: str, rows: Sequence[str], box: _Box) -> tuple[str, str, bool]:
    """The tool, what it is asked for, and whether part of that is not shown."""
    inner = [_inside(row) for row in rows if row.startswith("│")]
    found = _HEAD.match(head)
    name = found["tool"] if found else ""
    rest = (found["rest"] or "").strip() if found else ""
    if mcp := _MCP.match(rest):
        arguments = mcp["arguments"]
        return f"mcp_{mcp['server']}_{name}", arguments, arguments.endswith("…")
    tool = _TOOLS.get(name, name)
    if tool in ("run_shell_command", "") and inner:
        shown = [row for row in inner if not _HIDDEN.fullmatch(row.strip())]
        return tool or "run_shell_command", rejoin(shown, box.width - 6), False
    if tool == "write_file":
        return tool, rest.removeprefix("Writing to "), False
    if tool == "replace":
        return tool, rest.partition(": ")[0], False
    urls = [row.strip(" -") for row in rows if re.match(r" *- \w+://", row)]
    return tool, " ".join(urls) or rest, False


AGENT = AgentSpec(
    id=ID,
    title="Gemini CLI",
    processes=PROCESSES,
    made_from=Pack(("0.61.0",), "recorded on Linux before a scripted model"),
    read_screen=read_screen,
    vitals=vitals,
    claims=claims,
    titles=TITLES,
    launch=("gemini",),
    permission_flag="--approval-mode",
    default_mode="default",
    busy_line="esc to cancel",
    queued_line=r"^ *Queued \(press ↑ to edit\):",
    busy_rows=14,
    timing=Timing(enter=0.3),
)
