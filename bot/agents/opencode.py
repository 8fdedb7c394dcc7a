"""OpenCode, as seen on 1.18.33, 45 to 170 columns.

A dialog takes the place of the input box: a panel with a bar at its left edge is the last thing
on the screen. Its answers stand side by side and differ by background only, so without colours it
is not known which one Enter takes. Transcripts hold such panels, too, but never at the bottom.

It is there before what it asks about: the dialog shows a call's input once the call is known to
have begun, which it may learn a frame or two later (22 ms on a busy machine). Until then there is
no command, no address, and behind the name of an MCP tool nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.agents._opencode.calls import called
from bot.agents._opencode.questions import HINTS, question
from bot.agents._opencode.vitals import signs_in, vitals
from bot.core.agent import AgentSpec, Composer, Keys, Reading, State
from bot.core.barred import BAR, Panel, block_above, cut, first_gap, joined
from bot.core.forms import raw
from bot.core.grounds import Ground, grounds, one_marked, stands_out
from bot.core.labels import plain, role_in, role_table
from bot.core.layout import cells, trimmed
from bot.core.packs import Pack
from bot.core.programs import may_run
from bot.core.prompts import Choice, Kind, Prompt, Role
from bot.core.screen import Screen
from bot.core.signals import Signal, find_signals, holds_signals
from bot.core.speech import Passage

ID = "opencode"
PROCESSES = frozenset({"opencode"})
TITLES = r"OpenCode|OC(?: ?\|.*)?"

PANEL_ROWS = 15
"""A panel that is not in full screen grows no higher; its content is cut off without a mark."""
SIDEBAR = 42
"""Columns of the second column of a wide pane."""
_TEXT = 5
"""The column of what the agent says and of the names of its tools."""

_FOOT = re.compile(r" *╹▀{8,} *")
_SIDEBAR = re.compile(r"(?:.* {2})?(?P<mark>•) OpenCode \d\S*")
_LABEL = re.compile(r"\S+(?: \S+)*")
_ROLES = role_table(
    (Role.ALLOW_ONCE, "allow once"),
    (Role.ALLOW_ALWAYS, "allow always|confirm"),
    (Role.DENY, "reject"),
    (Role.CANCEL, "cancel"),
)
_TOOLS = (
    ("bash", re.compile(r"# (?P<subject>Shell command)")),
    ("edit", re.compile(r"→ Edit (?P<subject>.+)")),
    ("webfetch", re.compile(r"% WebFetch (?P<subject>.+)")),
    ("external_directory", re.compile(r"← Access external directory (?P<subject>.+)")),
)
_CALLS_TOOL = re.compile(r"⚙ Call tool (?P<tool>\S+)")
_ANY_TOOL = re.compile(r"\S (?P<tool>\w+)(?: (?P<subject>.+))?")
_WRITES = re.compile(r" *← Write (.+)")
_THUMB = re.compile(r"[▀▄█]$")
_ASKS_FEEDBACK = "Tell OpenCode what to do differently"
_WHEEL = re.compile(r"[⬝■]{4,} *")
_NOTICE = re.compile(r"(?!esc\b)(?P<text>.*?)(?: +e(?:sc?)?| +esc .*| {2,}.*)?")
_PLACEHOLDER = re.compile(r"Ask anything… \".*\"?|Run a command… \".*\"?")
_OVERLAY = re.compile(r"(?:.* {2})?(?P<title>\S(?:.*?\S)?) {8,}esc(?= |$)")
_TOOL_ROW = re.compile(r"[$→←%✱⚙~│↳◇◈⌕⠀-⣿] ?")


def read_screen(screen: Screen) -> Reading:
    if screen.pane.dead:
        return Reading(ID, State.DEAD)
    if not may_run(screen.pane, PROCESSES, TITLES):
        return Reading(ID, State.SHELL)
    rows = _without_sidebar(screen.trimmed())
    if signs_in(rows):
        return Reading(ID, State.LOGIN)
    foot = _foot(rows)
    if foot is not None:
        return _at_composer(rows, foot)
    prompt = _dialog(screen, rows)
    if prompt is None:
        return Reading(ID, State.NONE)
    vague = screen.ansi is None and len(prompt.choices) > 1
    signals = _signals(rows[: prompt.span[0]])
    reading = Reading(ID, State(prompt.kind.value), prompt, signals=signals, wants_colours=vague)
    return replace(reading, early=bool(prompt.tool) and prompt.subject == prompt.tool)


def claims(screen: Screen) -> bool:
    rows = _without_sidebar(screen.trimmed())
    if signs_in(rows):
        return True
    foot = _foot(rows)
    if foot is not None:
        return bool(block_above(rows, foot).lines)
    prompt = _dialog(screen, rows)
    return prompt is not None and prompt.kind is not Kind.UNREADABLE


def _without_sidebar(rows: Sequence[str]) -> tuple[str, ...]:
    """Panes of more than 120 columns have a second column, with the version at its foot."""
    for row in rows[-3:]:
        found = _SIDEBAR.fullmatch(row)
        if found and found.start("mark") > 40:
            edge = cells(row[: found.start("mark")]) - 2
            return tuple(cut(row, edge).rstrip() for row in rows)
    return tuple(rows)


# What stands at the bottom: the input box


def _foot(rows: Sequence[str]) -> int | None:
    """The lower edge of the input box. Below it are hints, and on a fresh screen much air."""
    for at in range(len(rows) - 1, -1, -1):
        if _FOOT.fullmatch(rows[at]):
            return at
        if rows[at].lstrip(" ").startswith(BAR):
            return None
    return None


def _at_composer(rows: Sequence[str], foot: int) -> Reading:
    block = block_above(rows, foot)
    if not block.lines:
        return Reading(ID, State.NONE)
    below = rows[foot + 1].strip() if foot + 1 < len(rows) else ""
    busy = _WHEEL.match(below)
    notice = _NOTICE.fullmatch(below[busy.end() :]) if busy else None
    activity = notice["text"] if notice else ""
    signals, (composer, draft) = _signals(rows[: block.top]), _composer(block)
    overlay = _overlay(rows, block, cells(rows[foot].strip()) + 2 * block.left)
    if overlay is not None:
        menu = raw(ID, Kind.MENU, rows[: block.top], overlay - 1)
        return Reading(ID, State.MENU, menu, signals=signals)
    state = State.WORKING if busy else State.IDLE
    shell = _is_shell(block)
    return Reading(ID, state, None, composer, draft, activity, signals, shell=shell)


def _is_shell(block: Panel) -> bool:
    lines = [line for line in block.lines if not line.rstrip().endswith(BAR)]
    return bool(lines) and lines[-1].strip() == "Shell"


def _composer(block: Panel) -> tuple[Composer, str]:
    # completions stand in the same block, closed by a bar on the right
    lines = [line for line in block.lines if not line.rstrip().endswith(BAR)]
    text = "\n".join(trimmed(lines[:-1]))
    hint = _PLACEHOLDER.fullmatch(" ".join(text.split()))
    if _is_shell(block):
        # what is typed now runs in a shell, so even an empty box may not be typed into
        return Composer.DRAFT, f"! {'' if hint else text}".strip()
    if not text or hint:
        return Composer.EMPTY, ""
    return Composer.DRAFT, text


def _overlay(rows: Sequence[str], block: Panel, width: int) -> int | None:
    """A list that is drawn over the middle of the screen: its title, and "esc" to its right."""
    for at, row in enumerate(rows[: block.top]):
        found = _OVERLAY.match(row)
        if found is None:
            continue
        # in the middle of the pane, which may have a sidebar
        off = found.start("title") + found.end() - width
        if abs(off) <= 4 or abs(off - SIDEBAR) <= 4:
            return at
    return None


def _signals(rows: Sequence[str]) -> tuple[Signal, ...]:
    return find_signals(_spoken(rows)) if holds_signals(rows) else ()


def _spoken(rows: Sequence[str]) -> Iterator[Passage]:
    """Paragraphs at the column of its text that no tool's mark begins."""
    width = max(map(cells, rows), default=0) - 2 * _TEXT
    block: list[str] = []
    for row in (*rows, ""):
        if row[:_TEXT].strip() or not row.strip():
            if block and not _TOOL_ROW.match(block[0]):
                yield Passage(tuple(block), width)
            block = []
        else:
            block.append(row[_TEXT:])


# What stands at the bottom: a dialog


def _dialog(screen: Screen, rows: Sequence[str]) -> Prompt | None:
    panel = block_above(rows, len(rows))
    title = panel.filled()
    if title == len(panel.lines):
        return None
    colours = () if screen.ansi is None else grounds(screen.ansi)
    match panel.lines[title].strip():
        case "△ Permission required":
            found = _permission(screen, rows, panel, title, colours)
        case "△ Always allow":
            found = _always(panel, title, colours)
        case "△ Reject permission":
            found = _rejection(panel, title)
        case _:
            found = question(panel, title, colours)
    if found is None:
        return raw(ID, Kind.UNREADABLE, rows, panel.top - 1)
    return replace(found, span=(panel.top, panel.end), width=panel.width)


def _bar(panel: Panel, colours: Sequence[Ground]) -> tuple[int, tuple[Choice, ...]] | None:
    """The row of answers at the foot of a panel, with its line; narrow panes have hints below."""
    filled = [at for at, line in enumerate(panel.lines) if line.strip()]
    below = filled[-2:]
    for at in reversed(below):
        line = panel.lines[at]
        hints = HINTS.search(line)
        text = line[: hints.start()] if hints else line
        if text.strip():
            hinted = any("⇆ select"[:4] in panel.lines[row] for row in below)
            choices = _side_by_side(panel, at, text, colours)
            return (at, choices) if hinted and choices else None
    return None


def _side_by_side(
    panel: Panel, at: int, text: str, colours: Sequence[Ground]
) -> tuple[Choice, ...] | None:
    row = panel.top + at
    ground = colours[row] if row < len(colours) else ()
    found: list[Choice] = []
    for number, label in enumerate(_LABEL.finditer(text), 1):
        role = role_in(_ROLES, plain(label.group()))
        if role is None:
            return None
        # the two blanks behind the bar are never lit up
        lit = stands_out(ground, panel.margin + label.start(), panel.left + 1)
        found.append(Choice(number, label.group(), role, bool(lit), rows=(row,)))
    return one_marked(found)


def _permission(
    screen: Screen, rows: Sequence[str], panel: Panel, title: int, colours: Sequence[Ground]
) -> Prompt | None:
    bar = _bar(panel, colours)
    heading = panel.filled(title + 1)
    if bar is None or heading >= bar[0]:
        return None
    foot, choices = bar
    if not {choice.role for choice in choices} >= {Role.ALLOW_ONCE, Role.DENY}:
        return None
    choices = tuple(replace(c, asks_back=c.role is Role.ALLOW_ALWAYS) for c in choices)
    room = _room(rows, panel, foot)
    gap = heading + first_gap(panel.lines[heading:foot])
    above = joined([line.strip() for line in panel.lines[heading:gap]], room - 4)
    # under the content are the panel's margin and that of the bar
    area = panel.lines[gap + 1 : foot - 2]
    content = trimmed([_THUMB.sub("", line).rstrip() for line in area])
    tool, subject = _asked(rows[: panel.top], above, content, room)
    # a call that has not begun has nothing yet to be shown of it, but is asked about
    whole = bool(content and subject) and _whole(panel, area, is_diff=tool in ("edit", "write"))
    if named := _CALLS_TOOL.fullmatch(above):
        tool = named["tool"]
        call = called(rows, screen.ansi, panel.top, panel.top + title, tool)
        subject, whole = call or tool, whole and call is not None
        content = () if call is None else (call,)
    return Prompt(
        Kind.APPROVAL,
        ID,
        tool,
        subject,
        "Permission required",
        choices,
        body=(above, "", *content) if content else (above,),
        complete=whole,
        cancel_denies=True,
        across=True,
    )


def _whole(panel: Panel, area: Sequence[str], *, is_diff: bool) -> bool:
    """Whether the content is all there. A diff gets a scroll bar. Other text is cut off without a
    mark, perhaps behind empty lines, so that in a panel of full height it may go on."""
    if any(_THUMB.search(line) for line in area):
        return False
    return is_diff or len(panel.lines) < PANEL_ROWS


def _asked(
    above: Sequence[str], heading: str, content: Sequence[str], room: int
) -> tuple[str, str]:
    for tool, pattern in _TOOLS:
        found = pattern.fullmatch(heading)
        if found is None:
            continue
        if tool == "bash":
            command = joined(content, room)
            return tool, command.removeprefix("$ ") if command.startswith("$ ") else ""
        subject = found["subject"]
        # a new file is asked for as an edit, but the line of its call says what it is
        calls = (call for row in reversed(above) if (call := _WRITES.fullmatch(row)))
        call = next(calls, None)
        written = tool == "edit" and call is not None and call[1] == subject
        return ("write" if written else tool), subject
    named = _ANY_TOOL.fullmatch(heading)
    if named is None:
        return "", " ".join([heading, *content])
    return named["tool"].lower(), named["subject"] or joined(content, room)


def _room(rows: Sequence[str], panel: Panel, foot: int) -> int:
    """Columns that a line of content has: its right end is that of the hints, where they end."""
    hints = panel.lines[foot]
    if hints.endswith("confirm"):
        return len(hints)
    widest = max(map(cells, rows), default=0)
    return max(widest - 2 * _TEXT, *(len(line) for line in panel.lines[:foot]))


def _always(panel: Panel, title: int, colours: Sequence[Ground]) -> Prompt | None:
    """The second step of "Allow always": Cancel and Escape lead back to the first one."""
    bar = _bar(panel, colours)
    if bar is None:
        return None
    foot, choices = bar
    choices = tuple(replace(c, as_shown=c.role is Role.ALLOW_ALWAYS) for c in choices)
    content = trimmed(panel.lines[title + 1 : foot])
    patterns = [line[2:] for line in content if line.startswith("- ")]
    question = " ".join(line.strip() for line in content[: first_gap(content)])
    subject = "\n".join(patterns) or question
    whole = len(panel.lines) < PANEL_ROWS
    return Prompt(
        Kind.APPROVAL, ID, "", subject, question, choices, tuple(content), whole, across=True
    )


def _rejection(panel: Panel, title: int) -> Prompt | None:
    """A no to a subagent asks for words: Enter sends them, with or without any."""
    text = panel.lines[panel.filled(title + 1)] if panel.filled(title + 1) < panel.end else ""
    filled = [at for at, line in enumerate(panel.lines) if line.strip()]
    hint = re.search(r"(?:^| )enter c", panel.lines[filled[-1]])
    if text.strip() != _ASKS_FEEDBACK or hint is None:
        return None
    typed = [panel.lines[at] for at in filled if at > panel.filled(title + 1)]
    typed[-1] = typed[-1][: hint.start()]
    label = " ".join(line.strip() for line in typed).strip() or _ASKS_FEEDBACK
    row = Choice(1, label, Role.FEEDBACK, selected=True, rows=(panel.top + filled[-1],))
    question = f"{panel.lines[title].strip()[2:]}: {_ASKS_FEEDBACK}"
    return Prompt(Kind.APPROVAL, ID, question=question, choices=(row,), typing=True)


AGENT = AgentSpec(
    id=ID,
    title="OpenCode",
    processes=PROCESSES,
    titles=TITLES,
    made_from=Pack(("1.18.33",), "recorded on Linux before a scripted model"),
    read_screen=read_screen,
    vitals=vitals,
    claims=claims,
    launch=("opencode",),
    busy_line=r"^ *[⬝■]{4,} ",
    queued_line=r"^ *┃ +QUEUED *$",
    again_line=r"\besc .*\bagain to\b",
    spinner="⬝■",
    keys=Keys(field=b"\r"),
)
