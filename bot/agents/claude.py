"""Claude Code, as seen on 2.1.197 and 2.1.329, fullscreen and classic renderer, 45 to 200 columns.

A dialog is the last thing on the screen and has no input box below it; whatever else looks like
one is text. Rows are understood by their label, never by their place: how many rows there are,
and what a digit means, changes with the command.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.agents._claude import hooking, roles
from bot.agents._claude.keeping import KEEPING
from bot.agents._claude.plans import is_drawn_on
from bot.agents._claude.vitals import vitals
from bot.core import asked, hook_schema
from bot.core.agent import AgentSpec, Composer, Keys, Reading, State
from bot.core.composer import Box, find_box, is_hint, without_edge
from bot.core.dialogs import Option, Options, find_options
from bot.core.forms import RoleOf, fill, raw
from bot.core.labels import plain, role_in
from bot.core.layout import is_flush, is_inner_rule, is_rule, last_row, rejoin, trimmed
from bot.core.packs import Pack
from bot.core.panels import Panel, flowed, panel_above, paragraphs, shown, unbarred, upper_rule
from bot.core.prompts import Kind, Prompt, Role
from bot.core.screen import PaneFacts, Screen
from bot.core.signals import Signal, find_signals, holds_signals
from bot.core.speech import Marks, Passage, printed, spoken

ID = "claude"
PROCESSES = frozenset({"claude"})
MARKS = Marks(says="●⏺", notes="⎿", asks="❯")
WORDS = ("Submit", "Next", "Chat about this", "Enable selected")
"""Rows without a number in dialogs whose other rows have one, or a check box."""

NOTES = ('Tip: auto mode handles these prompts for you — choose "switch to auto mode" below',)
"""What 2.1.329 advertises under the title of a command, in bold."""
_TITLE = re.compile(
    r"(?:Bash command|(?:Edit|Create|Overwrite|Read) file|Read outside the working directories"
    r"|Fetch|Tool use)(?: · .*)?"
)
_LAUNCH_TITLE = re.compile(
    r"Accessing workspace:|Do you trust the files in this folder\?|WARNING: .*Bypass Permissions"
    r"|Detected a custom API key|New MCP server found|\d+ new MCP servers found"
    r"|Allow external CLAUDE\.md file imports"
)
_MENU_TITLE = re.compile(r"Settings (?:Error|Warning)|Auto mode can't check|Select model")
_TABS = re.compile(r"(?:←  ?)?[☐☒] \S")
_REVIEW = "Review your answers"
_APPROVAL_QUESTION = re.compile(r"(?:Do you want to|Allow this) .*\?")
_PLAN_QUESTION = re.compile(r".*Would you like to proceed\?")
_APPROVAL_FOOTER = re.compile(r"(?:Esc to cancel(?: · .+)?)?")
_QUESTION_FOOTER = re.compile(r"Enter to select · .*Esc to cancel")
_PLAN_FOOTER = re.compile(r"(?:ctrl\+g to .+)?")
_LAUNCH_FOOTER = re.compile(
    r"Enter to confirm · Esc to (?:cancel|exit)|Space to select · Esc to .*"
)
_ANY_HINT = re.compile(r"\b(?:Esc|Enter|ctrl\+[a-z]) to \w+|\bto navigate\b", re.IGNORECASE)
_SPINNER = re.compile(r"[·✢✳✶✻✽*∗] (\S.*(?:…|\bretrying\b).*|Waiting for \d+ background .*)")
_BUSY = re.compile(r"\besc to int")
_PLACEHOLDER = re.compile(
    r"Press up to edit queued messages|Once fixed, resend your message|Try \".*\""
)
_TRANSCRIPT = re.compile(r" +Showing detailed transcript")
_AMENDED = re.compile(
    r"yes, and tell claude what to do next|no, and tell claude what to do differently"
)
_TYPED = (("yes", Role.ALLOW_ONCE), ("no", Role.DENY))
_DENYING = frozenset({Role.DENY, Role.DENY_ALWAYS})
_SCROLLED = re.compile(r"  [↓↑]$")
_FILE_IN_QUESTION = re.compile(r"(?:this edit to|create|overwrite) (.+)\?$")


def read_screen(screen: Screen) -> Reading:
    if screen.pane.dead:
        return Reading(ID, State.DEAD)
    if screen.pane.command and screen.pane.command not in PROCESSES:
        return Reading(ID, State.SHELL)
    rows = without_edge(screen.trimmed())
    box = find_box(rows, carets="❯!")
    if box is not None:
        return _at_composer(screen, rows, box)
    prompt = _dialog(screen, rows)
    if prompt is None:
        return Reading(ID, State.NONE, signals=_signals(rows, printed(rows, screen.pane.width)))
    signals = _signals(rows[: prompt.span[0]])
    early = is_drawn_on(rows, prompt)
    return Reading(ID, State(prompt.kind.value), prompt, signals=signals, early=early)


def claims(screen: Screen) -> bool:
    """Without pane facts: an input box with its own marks, or a dialog of a kind only it has."""
    rows = without_edge(screen.trimmed())
    if find_box(rows, carets="❯!") is not None:
        return True
    prompt = _dialog(screen, rows)
    if prompt is None or prompt.kind is Kind.MENU:
        return prompt is not None and is_rule(rows[prompt.span[0]], "▔─")
    return prompt.kind is not Kind.UNREADABLE


def _at_composer(screen: Screen, rows: Sequence[str], box: Box) -> Reading:
    activity = _activity(rows[: box.top])
    below = "\n".join(box.below)
    # 2.1.197 turns a braille wheel in the pane's title while it works; 2.1.329 does not
    turning = "\u2800" < screen.pane.title[:1] <= "\u28ff"
    busy = bool(activity or turning or _BUSY.search(below))
    signals = _signals(rows[: box.top])
    composer, draft = _composer(screen, box)
    if "/ for commands" in below and "! for shell mode" in below:
        menu = raw(ID, Kind.MENU, rows, box.bottom)
        return Reading(ID, State.MENU, menu, composer, draft, signals=signals)
    state = State.WORKING if busy else State.IDLE
    shell = box.caret == "!"
    return Reading(ID, state, None, composer, draft, activity, signals, shell=shell)


def _activity(rows: Sequence[str]) -> str:
    """The spinner's line: the lowest row at the left edge, if it is one."""
    lowest = last_row(rows, is_flush)
    found = None if lowest is None else _SPINNER.match(rows[lowest])
    return found.group(1) if found else ""


def _composer(screen: Screen, box: Box) -> tuple[Composer, str]:
    if box.caret == "!":
        # 2.1.329: text after "!" runs in a shell, so even an empty box may not be typed into
        return Composer.DRAFT, f"! {box.text}".strip()
    if not box.text or is_hint(box, screen.ansi, _PLACEHOLDER):
        return Composer.EMPTY, ""
    return Composer.DRAFT, box.text


def _signals(rows: Sequence[str], more: Iterable[Passage] = ()) -> tuple[Signal, ...]:
    return find_signals([*spoken(rows, MARKS), *more]) if holds_signals(rows) else ()


# What stands at the bottom: a dialog


def _dialog(screen: Screen, rows: Sequence[str]) -> Prompt | None:
    options = find_options(rows, WORDS, screen.ansi)
    if options is None or any(_TRANSCRIPT.match(row) for row in rows[-2:]):
        return _hinted_menu(rows)
    panel = panel_above(rows, options, NOTES)
    about = (screen, rows, options, panel)
    return _understood(*about) or _not_understood(*about)


def _understood(
    screen: Screen, rows: Sequence[str], options: Options, panel: Panel
) -> Prompt | None:
    if not options.ordered:
        return None
    footer, question = options.footer, panel.question
    if _QUESTION_FOOTER.fullmatch(footer):
        return _question(rows, options, panel)
    if _TABS.match(panel.title) and not footer:
        return _review(rows, options, panel)
    if _PLAN_QUESTION.fullmatch(question) and _PLAN_FOOTER.fullmatch(footer):
        return _plan(rows, options, panel)
    if question == "Claude wants to exit plan mode" and not footer:
        return _exit_plan(options, panel)
    if panel.edge == "▔" or not panel.drawn:
        return None
    if _APPROVAL_FOOTER.fullmatch(footer) and _APPROVAL_QUESTION.fullmatch(question):
        return _approval(screen, options, panel)
    if _LAUNCH_FOOTER.fullmatch(footer) and _LAUNCH_TITLE.match(panel.heading):
        return _launch(options, panel)
    return None


def _not_understood(
    screen: Screen, rows: Sequence[str], options: Options, panel: Panel
) -> Prompt | None:
    """Another dialog of the agent's, one that cannot be read, or just text with a caret in it."""
    last = rows[-1]
    if not screen.pane.command and last[:1] not in ("", " ", "❯") and not _hints(last):
        return None  # a shell has written below it
    kind = Kind.UNREADABLE
    if not _looks_known(panel.title) and not _APPROVAL_QUESTION.fullmatch(panel.question):
        hinted = _hints(options.footer) and not _LAUNCH_TITLE.match(panel.heading)
        if panel.edge == "▔" or _MENU_TITLE.match(panel.title) or hinted:
            kind = Kind.MENU
    return raw(ID, kind, rows, panel.top)


def _hinted_menu(rows: Sequence[str]) -> Prompt | None:
    """A dialog without a caret: notices, help, the transcript."""
    tail = " ".join(row.strip() for row in rows[-3:])
    if not rows or not (_hints(tail) or _TRANSCRIPT.match(rows[-1])):
        return None
    if rows[-1][:1] not in ("", " ") and not _hints(rows[-1]):
        return None
    top = upper_rule(rows, len(rows))
    title = "" if top is None or top + 1 >= len(rows) else rows[top + 1].strip()
    return raw(ID, Kind.UNREADABLE if _looks_known(title) else Kind.MENU, rows, top)


def _looks_known(title: str) -> bool:
    return bool(_TITLE.fullmatch(title) or _TABS.match(title))


def _hints(text: str) -> bool:
    return bool(_ANY_HINT.search(text))


# The dialogs that can be answered


def _ask(kind: Kind, tool: str = "", subject: str = "", question: str = "") -> Prompt:
    return Prompt(kind, ID, tool, subject, question, cancel_denies=True)


def _approval(screen: Screen, options: Options, panel: Panel) -> Prompt | None:
    typing = _amending(screen.pane, options)

    def role(row: Option, label: str) -> Role | None:
        if typing and row.marked:
            return next((role for start, role in _TYPED if plain(label).startswith(start)), None)
        return role_in(roles.APPROVAL, plain(label))

    asks = _ask(Kind.APPROVAL, *_asked(screen, options, panel))
    base = replace(asks, typing=typing, takes_reason="Tab to amend" in options.footer)
    prompt = fill(base, options, panel, role)
    there = [] if prompt is None else [choice.role for choice in prompt.choices]
    # a row that is typed into stands in for the plain Yes or No: there cannot be both
    doubled = typing and max(there.count(Role.ALLOW_ONCE), there.count(Role.DENY)) > 1
    return None if doubled or _DENYING.isdisjoint(there) else prompt


def _amending(pane: PaneFacts, options: Options) -> bool:
    """Tab opens a field behind Yes and No; the hint at Tab goes away, and the cursor is in it.

    The pattern after "don't ask again for:" can be edited, too (2.1.329), but its label shows it.
    """
    marked = next(option for option in options.items if option.marked)
    label = plain(marked.label(0))
    role = role_in(roles.APPROVAL, label)
    here = pane.cursor_y in marked.rows
    inside = here and pane.cursor_x > options.column
    closed = not options.footer or "Tab to amend" in options.footer or (here and not inside)
    if _AMENDED.fullmatch(label):
        return True
    return not closed and (role is None or (inside and role in (Role.ALLOW_ONCE, Role.DENY)))


def _asked(screen: Screen, options: Options, panel: Panel) -> tuple[str, str]:
    """The tool and what it is asked for."""
    title = panel.title.split(" · ")[0]
    file = _FILE_IN_QUESTION.search(panel.question)
    if title == "Tool use":
        return asked.tool_call_in(panel)
    if title == "Fetch":
        return "WebFetch", asked.address_in(panel)
    if title in ("Read file", "Read outside the working directories"):
        return "Read", asked.argument_in(panel, "Read")
    if file:
        path = "".join(row.strip() for row in panel.header)
        return ("Edit" if "edit to" in file.group() else "Write"), path or file.group(1)
    if title == "Bash command" or asked.looks_like_command(panel, options.footer):
        return "Bash", asked.command_in(panel, options.column, screen.ansi)
    return "", flowed(panel.content, panel.width)


def _question(rows: Sequence[str], options: Options, panel: Panel) -> Prompt | None:
    top = panel.top
    while top is not None and not _TABS.match(rows[top + 1].strip()):
        top = upper_rule(rows, top)
    text = trimmed(rows[0 if top is None else top + 2 : options.first])
    question = rejoin(unbarred(text), panel.width - 2)
    above = rows[0 if top is None else top + 1 : options.first]
    base = _ask(Kind.QUESTION, "AskUserQuestion", question, question)
    whole = replace(panel, top=top, body=shown(above, panel.width))
    prompt = fill(base, options, whole, _question_role(options))
    if prompt is None or "ctrl+g to edit" not in options.footer:
        return prompt
    # the hint stays when the caret has left the field that was typed into
    marked = prompt.selected
    on_field = options.has_side or (marked is not None and marked.role is Role.OTHER)
    return replace(prompt, typing=on_field)


def _question_role(options: Options) -> RoleOf:
    """Labels are the model's own words here; only the dialog's own rows have places."""
    answers = [row for row in options.items if row.number is not None and not row.apart]
    last = options.items[-1]
    # the row for own words is the one before "Chat about this", whatever was typed into it;
    # with previews beside the answers there is none, and the chat row has no number
    is_next = bool(answers) and last.apart and last.number == (answers[-1].number or 0) + 1
    own = answers[-1] if is_next else None

    def role(row: Option, label: str) -> Role | None:
        if row.apart:
            return Role.CHAT if label == "Chat about this" else None
        if row.number is None:
            return Role.SUBMIT if label in ("Submit", "Next") else None
        return Role.OTHER if row is own else Role.ANSWER

    return role


def _review(rows: Sequence[str], options: Options, panel: Panel) -> Prompt | None:
    texts = paragraphs(rows[panel.start + 1 : options.first], panel.width)
    if _REVIEW not in texts:
        return None
    answers = " ".join(text for text in texts if text.startswith("●"))
    base = _ask(Kind.QUESTION, "AskUserQuestion", answers, _REVIEW)
    return fill(base, options, panel, lambda row, label: role_in(roles.REVIEW, plain(label)))


def _plan(rows: Sequence[str], options: Options, panel: Panel) -> Prompt | None:
    above = range(options.first - 1, -1, -1)
    title = next((at for at in above if rows[at].strip() == "Ready to code?"), None)
    start = 0 if title is None else title
    end = next((at for at in above if is_inner_rule(rows[at], "─")), options.first)
    frame = next((at for at in range(start, end) if is_inner_rule(rows[at], "╌")), start)
    lines = [row for row in rows[frame + 1 : end] if row.strip()]
    first = _SCROLLED.sub("", lines[0]).strip() if lines and title is not None else ""
    base = replace(
        _ask(Kind.PLAN, "ExitPlanMode", first),
        complete=not any(_SCROLLED.search(row) for row in lines),
        typing=any(row.marked and _takes_feedback(row) for row in options.items),
    )
    top = None if title is None else upper_rule(rows, title)
    whole = replace(panel, top=top, body=shown(rows[start : options.first], panel.width))
    return fill(base, options, whole, _plan_role)


def _plan_role(row: Option, label: str) -> Role | None:
    return Role.FEEDBACK if _takes_feedback(row) else role_in(roles.PLAN, plain(label))


def _takes_feedback(row: Option) -> bool:
    """The row that is a text field, whatever was typed into it."""
    return "shift+tab to approve" in " ".join(row.details)


def _exit_plan(options: Options, panel: Panel) -> Prompt | None:
    return fill(_ask(Kind.PLAN, "ExitPlanMode", panel.question), options, panel, _plan_role)


def _launch(options: Options, panel: Panel) -> Prompt | None:
    """Every dialog at launch. What it is about stands after a colon, or in its first lines."""
    title, _, named = panel.heading.partition(": ")
    texts = paragraphs(panel.content, panel.width)
    if panel.heading.endswith(":") or title.startswith("Detected"):
        named = next((text for text in texts if text not in panel.heading), "")
    sentence = re.search(r"(?:[^.:?]|\.\b)+\?", " ".join([panel.heading, *texts, panel.question]))
    question = sentence.group().strip() if sentence else panel.heading
    return fill(_ask(Kind.TRUST, "", named or title, question), options, panel, _launch_role)


def _launch_role(row: Option, label: str) -> Role | None:
    return Role.ANSWER if row.checked is not None else role_in(roles.LAUNCH, plain(label))


AGENT = AgentSpec(
    id=ID,
    title="Claude Code",
    processes=PROCESSES,
    made_from=Pack(("2.1.197", "2.1.329"), "recorded on Linux before a scripted model"),
    read_screen=read_screen,
    vitals=vitals,
    claims=claims,
    launch=("claude",),
    permission_flag="--permission-mode",
    default_mode="default",
    keys=Keys(stash=b"\x13"),
    stashed_line=r"(?:^|\s)(?:draft|\u203a) stashed$",
    queued_line=r"^ +⎿ +Queued · |^\u276f[\u00a0 ]Press up to edit queued messages",
    teach_flag="--append-system-prompt",
    resume_flag="--resume",
    hooks=hooking.SETUP,
    read_hook=hook_schema.read,
    answer_hook=hook_schema.answer,
    keeping=KEEPING,
)
