"""Qwen Code, as seen on 0.24.4, 62 and 100 columns.

A dialog stands below the conversation in the place of the input box, without a frame: a line with
the tool and all that it is asked for, which ends with “←”, then a preview, a question, and rows.
What an agent, a tool or a person says is indented deeper than any of these. The preview loses the
ends of lines that are too long for it; the line of the tool loses nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.agents._qwen.boxes import (
    ID,
    activity_in,
    boxed,
    composer_edges,
    rows_of,
    signs_in,
    typed_in,
    vitals,
)
from bot.core.agent import AgentSpec, Composer, Keys, Reading, State, Timing
from bot.core.forms import raw
from bot.core.labels import plain, role_in, role_table
from bot.core.layout import cells, indent, last_row, rejoin, trimmed
from bot.core.numbered import Row, lowest_list
from bot.core.packs import Pack
from bot.core.panels import flowed
from bot.core.programs import may_run
from bot.core.prompts import Choice, Kind, Prompt, Role, squeezed
from bot.core.screen import Screen
from bot.core.signals import Signal, find_signals
from bot.core.speech import Marks, spoken

PROCESSES = frozenset({"qwen", "node"})
TITLES = r"(?:\S+ )?Qwen - .*"
MARKS = Marks(says="◆", notes="✓?-x⊶●✕ℹ│╭╰", asks=">")
_WORKS = ("◐", "◓", "◑", "◒")
"""What its title begins with while it works."""

_APPROVAL_ROLES = role_table(
    (Role.ALLOW_ONCE, r"yes, allow once"),
    (Role.ALLOW_ALWAYS, r"always allow .+ (?:in this p[a-z]*|for this u[a-z]*)…?"),
    (Role.OTHER, r"always allow .*…"),
    (Role.ALLOW_AND_CHANGE_MODE, r"yes, allow always|switch to default mode and allow once.*"),
    (Role.DENY, r"no, suggest changes \(esc\)"),
)
"""“Allow always” of an edit switches to auto-accept; a grant cut off is for the terminal."""
_PLAN_ROLES = role_table(
    (Role.ALLOW_ONCE, r"yes, restore previous mode \(default\)|yes, and manually approve edits"),
    (Role.ALLOW_AND_CHANGE_MODE, r"yes, restore previous mode.*|yes, and auto-accept edits"),
    (Role.DENY, r"no, keep planning \(esc\)"),
)
_REVIEW_ROLES = role_table((Role.SUBMIT, r"submit answers"), (Role.CANCEL, r"cancel"))
_TOOLS = {
    "Shell": "run_shell_command",
    "WriteFile": "write_file",
    "Edit": "edit",
    "WebFetch": "web_fetch",
    "ReadFile": "read_file",
    "AskUserQuestion": "ask_user_question",
    "ExitPlanMode": "exit_plan_mode",
}
_WAITS = re.compile(r"  [\u2800-\u28ff] ?Waiting for user confirmation\.\.\.")
_HEAD = re.compile(r"  \? (?P<text>\S.*?) +←")
_NEXT = re.compile(r"  \? \S.*|    .*|")
"""Below the rows: what else is going to be asked."""
_MORE = "Press ctrl-s to show more lines"
_HIDDEN = re.compile(r" *\.\.\. (?:first|last) \d+ lines? hidden \.\.\.")
_MCP = re.compile(r"(?P<tool>\S+) \((?P<server>.+?) MCP Server\) ?(?P<arguments>.*)", re.DOTALL)
_URL = re.compile(r" +- (\w+://\S+)")
_KEYS = "↑/↓: Navigate | "
_EDITOR = "o open full plan in editor"
_REVIEWS = "Ready to submit your answers?"
_SENDS = "Confirm"
_BOX = re.compile(
    r" {3}(?P<caret>[❯ ]) \[(?P<tick>[ x✓])\] (?P<number>\d{1,2})\. (?:> ?)?(?P<label>\S.*)"
)
_PAGES = re.compile(r" *(?:▸ )?\S.* Submit")


@dataclass(frozen=True, slots=True)
class _Dialog:
    """What waits at the bottom, as it is drawn."""

    tool: str
    """By the name that is drawn; empty when its line is off the screen."""
    head: tuple[str, ...]
    """That line, and whatever follows up to an empty row."""
    about: tuple[str, ...]
    """Below it, down to the question; rows as they stand."""
    keys: str
    """What its last line says of the keys; empty where there is none."""
    key_rows: tuple[int, ...]
    full: bool
    """A row goes up to where it would be cut."""
    base: Prompt


def read_screen(screen: Screen) -> Reading:
    if screen.pane.dead:
        return Reading(ID, State.DEAD)
    if not may_run(screen.pane, PROCESSES, TITLES):
        return Reading(ID, State.SHELL)
    rows = rows_of(screen)
    if signs_in(rows):
        return Reading(ID, State.LOGIN)
    prompt = _dialog(rows, screen.pane.width) or boxed(rows)
    if prompt is not None:
        signals = _signals(rows[: prompt.span[0]])
        return Reading(ID, State(prompt.kind.value), prompt, signals=signals)
    edges = composer_edges(rows)
    if edges is not None:
        return _at_composer(screen, rows, *edges)
    if _titled(screen, "✳"):
        return Reading(ID, State.UNREADABLE, raw(ID, Kind.UNREADABLE, rows, None))
    return Reading(ID, State.NONE)


def claims(screen: Screen) -> bool:
    rows = rows_of(screen)
    waits = bool(rows) and _WAITS.fullmatch(rows[-1]) is not None
    return waits or signs_in(rows) or boxed(rows) is not None or composer_edges(rows) is not None


def _titled(screen: Screen, *marks: str) -> bool:
    return screen.pane.title.startswith(marks) and bool(re.fullmatch(TITLES, screen.pane.title))


# What stands at the bottom: the input box


def _at_composer(screen: Screen, rows: Sequence[str], top: int, bottom: int) -> Reading:
    shell = rows[top + 1][0] == "!"
    text, unclear = typed_in(screen, rows, top, bottom)
    draft = f"! {text}".strip() if shell else text
    activity = activity_in(rows[:top])
    busy = bool(activity) or _titled(screen, *_WORKS)
    return Reading(
        ID,
        State.WORKING if busy else State.IDLE,
        None,
        Composer.DRAFT if draft else Composer.EMPTY,
        draft,
        activity,
        _signals(rows[:top]),
        shell=shell,
        wants_colours=unclear,
    )


def _signals(rows: Sequence[str]) -> tuple[Signal, ...]:
    """All that is said stands two columns from the edge, also the bullets."""
    flush = [row.replace("\ufe0e", "") for row in rows]
    return find_signals(spoken([row[2:] if row[:2] == "  " else row for row in flush], MARKS))


# What stands at the bottom: a dialog


def _dialog(rows: Sequence[str], columns: int) -> Prompt | None:
    """Whatever waits, and is not understood, is shown as it stands."""
    if not rows or not _WAITS.fullmatch(rows[-1]):
        return None
    width = columns or max(map(cells, rows))
    prompt = _approval(rows, width) or _question(rows, width) or _several(rows, width)
    return prompt or raw(ID, Kind.UNREADABLE, rows, last_row(rows, _HEAD.fullmatch))


def _around(rows: Sequence[str], first: int, end: int, width: int) -> _Dialog | None:
    """``first`` and ``end`` of the list. None when something stands below it that is no part of a
    dialog."""
    keys = last_row(rows, lambda row: row.strip().startswith(_KEYS))
    after = end if keys is None or keys < end else keys
    while after > end and after < len(rows) and rows[after].strip():
        after += 1
    below = [*rows[end : keys if after > end else end], *rows[after:-1]]
    if not all(row == _MORE or _NEXT.fullmatch(row) for row in below):
        return None
    top = last_row(rows[:first], _HEAD.fullmatch)
    line = _HEAD.fullmatch(rows[top]) if top is not None else None
    start = 0 if top is None else top + 1
    stop = first
    while stop > start and not rows[stop - 1].strip():
        stop -= 1
    asks = stop
    while asks > start and indent(rows[asks - 1]) == 3:
        asks -= 1
    split = start
    while split < asks and rows[split].startswith("    ") and line:
        split += 1
    hidden = any(map(_HIDDEN.fullmatch, rows[start:asks])) or _MORE in below
    base = Prompt(
        Kind.MENU,
        ID,
        question=flowed(rows[asks:stop], width),
        complete=line is not None and not hidden,
        span=(0 if top is None else top, len(rows)),
        cancel_denies=True,
        width=width,
    )
    return _Dialog(
        line["text"].split()[0] if line else "",
        (line["text"], *(row[4:] for row in rows[start:split])) if line else (),
        trimmed(rows[split:asks]),
        " ".join(row.strip() for row in rows[keys:after]) if after > end else "",
        () if after == end else tuple(range(keys or 0, after)),
        any(cells(row) >= width - 5 for row in rows[split:stop]),
        base,
    )


def _joined(lines: Sequence[str], width: int) -> str:
    """The line of a tool as it was before it was wrapped: then it goes up to the edge."""
    clean = [line.rstrip() for line in lines]
    room = max(map(cells, clean), default=0)
    if room < width - 14:
        return "\n".join(clean)
    whole = [""]
    for line in clean:
        # the blank at which it was parted stands on the next row
        if whole[-1] and cells(whole[-1]) >= room - 1 and re.match(r" \S", line):
            whole[-1] += line
        else:
            whole.append(line)
    return rejoin(whole[1:], room)


def _approval(rows: Sequence[str], width: int) -> Prompt | None:
    found = lowest_list(rows, "›", (3,))
    dialog = None if found is None else _around(rows, found.first, found.end, width)
    if found is None or dialog is None:
        return None
    is_plan = dialog.tool == "ExitPlanMode"
    roles = _PLAN_ROLES if is_plan else _APPROVAL_ROLES
    choices = found.choices(width, lambda row, label: role_in(roles, plain(label)))
    if choices is None or choices[-1].role is not Role.DENY:
        return None
    kind = Kind.PLAN if is_plan else Kind.APPROVAL
    return replace(_asked(dialog, width), kind=kind, choices=choices)


def _asked(dialog: _Dialog, width: int) -> Prompt:
    """The tool and what it is asked for. What the preview alone shows may have lost its ends."""
    tool = _TOOLS.get(dialog.tool, dialog.tool)
    if tool == "run_shell_command":
        return _command(dialog, width)
    titled = _joined(dialog.head, width)
    head = titled.removeprefix(dialog.tool).strip()
    body = trimmed((*titled.split("\n"), *(row[3:] for row in dialog.about)))
    base = replace(dialog.base, tool=tool, body=body)
    if mcp := _MCP.fullmatch(titled):
        name = f"mcp__{mcp['server']}__{mcp['tool']}"
        return replace(base, tool=name, subject=mcp["arguments"].strip() or name)
    if tool in ("read_file", "web_fetch"):
        urls = [url[1] for row in dialog.about if (url := _URL.fullmatch(row))]
        return replace(base, subject=" ".join(urls) or head)
    base = replace(base, complete=base.complete and not dialog.full)
    if tool == "exit_plan_mode":
        plan = tuple(row[5:] for row in dialog.about if row.strip() != _EDITOR)
        return replace(base, subject="\n".join(plan).strip(), body=trimmed(plan))
    return replace(base, subject=head.removeprefix("Writing to "))


def _command(dialog: _Dialog, width: int) -> Prompt:
    """Its line has the command and a description in brackets, the preview the command alone. An
    empty row parts the two, and either may have more of these: they agree where it is right."""
    base = replace(dialog.base, tool="run_shell_command")
    above = [*dialog.head, "", *(row[4:] for row in dialog.about)]
    warned = tuple(row.strip() for row in above if row.startswith(" ⚠"))
    for at in (at for at, row in enumerate(above) if at and not row.strip()):
        preview = trimmed([row[1:] for row in above[at + 1 :]])
        while preview and preview[0].startswith("⚠"):
            gap = next((n for n, row in enumerate(preview) if not row.strip()), len(preview))
            preview = trimmed(preview[gap:])
        head = _joined(above[:at], width).removeprefix(f"{dialog.tool} ")
        if preview and (subject := _told(head, preview, width)):
            return replace(base, subject=subject, body=(*warned, *head.split("\n")))
    shown = trimmed([row.removeprefix(" ") for row in above])
    return replace(base, subject="\n".join(shown), body=shown, complete=False)


def _told(head: str, preview: Sequence[str], width: int) -> str:
    """The command that both show; empty when they do not. A preview that has lost the ends of
    its lines is only held against the line of the tool."""
    said = squeezed("\n".join(preview))
    ends = [found.start() for found in re.finditer(r"\s\(", head)] if head.endswith(")") else []
    commands = [head[:end] for end in ends] + [head]
    if any(squeezed(command) == said for command in commands):
        return rejoin(preview, width - 9)
    longer = [command for command in commands if _holds(squeezed(command), said)]
    return longer[0] if len(longer) == 2 else head if longer else ""


def _holds(whole: str, part: str) -> bool:
    """All characters of ``part`` in their order, with others in between."""
    left = iter(whole)
    return all(sign in left for sign in part)


# What stands at the bottom: a question


def _question(rows: Sequence[str], width: int) -> Prompt | None:
    found = lowest_list(rows, "❯", (3,), described=True)
    dialog = None if found is None else _around(rows, found.first, found.end, width)
    if found is None or dialog is None or dialog.tool != "AskUserQuestion" or not dialog.keys:
        return None
    last = found.items[-1]
    reviews = dialog.base.question == _REVIEWS

    def role(row: Row, label: str) -> Role | None:
        if reviews:
            return role_in(_REVIEW_ROLES, plain(label))
        return Role.OTHER if row is last else Role.ANSWER

    choices = found.choices(width, role)
    writes = last.marked and not reviews
    if choices is None:
        return None
    return replace(_about(dialog), choices=choices, typing=writes)


def _about(dialog: _Dialog) -> Prompt:
    """The names of its pages carry ticks, which come and go."""
    return replace(
        dialog.base,
        kind=Kind.QUESTION,
        tool=_TOOLS[dialog.tool],
        subject=dialog.base.question,
        body=trimmed([row[3:] for row in dialog.about if not _PAGES.fullmatch(row)]),
        complete=dialog.base.complete and not dialog.full,
        cancel_denies="Esc: Cancel" in dialog.keys,
    )


def _several(rows: Sequence[str], width: int) -> Prompt | None:
    """Boxes: Space ticks one, and Enter sends them from wherever the caret is."""
    top = last_row(rows, _HEAD.fullmatch) or 0
    boxes = {at: box for at in range(top, len(rows)) if (box := _BOX.fullmatch(rows[at]))}
    if not boxes:
        return None
    end = max(boxes) + 1
    dialog = _around(rows, min(boxes), end, width)
    between = [row for at, row in enumerate(rows[min(boxes) : end], min(boxes)) if at not in boxes]
    numbers = [int(box["number"]) for box in boxes.values()]
    carets = sum(box["caret"] == "❯" for box in boxes.values())
    if dialog is None or dialog.tool != "AskUserQuestion" or "Space: Toggle" not in dialog.keys:
        return None
    if numbers != list(range(1, len(numbers) + 1)) or carets != 1:
        return None
    if any(indent(row) < 9 for row in between):
        return None
    choices = [_box(box, rows, at, own=at == max(boxes)) for at, box in boxes.items()]
    writes = choices[-1].selected
    choices.append(
        Choice(len(numbers) + 1, _SENDS, Role.SUBMIT, rows=dialog.key_rows, by_enter=True)
    )
    return replace(_about(dialog), choices=tuple(choices), typing=writes)


def _box(box: re.Match[str], rows: Sequence[str], at: int, *, own: bool) -> Choice:
    n, marked = int(box["number"]), box["caret"] == "❯"
    if own:
        written = True if box["tick"] != " " else None
        return Choice(n, box["label"], Role.OTHER, marked, written, rows=(at,))
    end = at + 1
    while indent(rows[end]) >= 9:
        end += 1
    return Choice(
        n,
        box["label"],
        Role.ANSWER,
        marked,
        box["tick"] != " ",
        " ".join(row.strip() for row in rows[at + 1 : end]),
        tuple(range(at, end)),
    )


AGENT = AgentSpec(
    id=ID,
    title="Qwen Code",
    processes=PROCESSES,
    made_from=Pack(("0.24.4",), "recorded on Linux before a scripted model"),
    read_screen=read_screen,
    vitals=vitals,
    claims=claims,
    titles=TITLES,
    launch=("qwen",),
    permission_flag="--approval-mode",
    default_mode="default",
    busy_line="esc to cancel",
    busy_rows=14,
    keys=Keys(tick=b" "),
    timing=Timing(dialog=0.5, enter=0.3),
)
