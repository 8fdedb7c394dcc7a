"""The agent's permission, plan and trust dialogs, in the layouts of 2.1.329 and 2.1.197."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from bot.demo.dialogs import ListDialog, Option, Outcome
from bot.demo.layout import (
    ACCENT,
    ADDED,
    BLANK,
    BOLD,
    DIM,
    PLAIN,
    REMOVED,
    RULE,
    WARNING,
    Row,
    paragraph,
    row,
    row_text,
    rule,
    wrap,
)
from bot.demo.script import Step

NEW = "2.1.329"
OLD = "2.1.197"

_TIP = 'Tip: auto mode handles these prompts for you — choose "switch to auto mode" below'
_AUTO_NOTE = " · auto mode handles these prompts for you"
_ACCEPT_EDITS = "accept edits (auto-approve file edits and common file commands)"
_TRUST = (
    "Quick safety check: Is this a project you created or one you trust? (Like your own code, a "
    "well-known open source project, or work from your team). If not, take a moment to review "
    "what's in this folder first."
)
_ASK_PLAN = "Claude has written up a plan and is ready to execute. Would you like to proceed?"
_DASH = "╌"
_SHORT_PLAN = 4


def _yes() -> Option:
    return Option("Yes", "allowed", opens="tab", placeholder="and tell Claude what to do next")


def _no() -> Option:
    said = "and tell Claude what to do differently"
    return Option("No", "denied", opens="tab", placeholder=said)


def _amend_footer(extra: str = "") -> Callable[[ListDialog], str]:
    def footer(dialog: ListDialog) -> str:
        amendable = dialog.current.opens == "tab" and not dialog.current.open
        return "Esc to cancel" + (" · Tab to amend" if amendable else "") + extra

    return footer


def _dashed(body: Sequence[Row], width: int, indent: int = 0) -> list[Row]:
    edge: Row = ((PLAIN, " " * indent), (RULE, _DASH * (width - 2 * indent)))
    return [edge, *body, edge]


def bash(step: Step, version: str) -> ListDialog:
    new = version == NEW
    options = [_yes()]
    always = step.text("always")
    if always:
        options.append(_always(always))
    if new and step.flag("auto", default=True):
        options.append(
            Option("Yes, and switch to auto mode", "mode_changed", note=_AUTO_NOTE, mode="auto")
        )
    options.append(_no())

    def head(width: int, room: int) -> list[Row]:
        return _bash_new(step, width) if new else _bash_old(step, width)

    footer = _amend_footer("" if new else " · ctrl+e to explain")
    return _approval(step.id, head, options, footer, new=new)


def _always(pattern: str) -> Option:
    """Where the caret stands on it, what is typed (digits too) changes the pattern."""
    label = "Yes, and don\N{RIGHT SINGLE QUOTATION MARK}t ask again for: "
    return Option(label, "always", opens="caret", text=pattern)


def _approval(
    identity: str,
    head: Callable[[int, int], list[Row]],
    options: list[Option],
    footer: Callable[[ListDialog], str],
    *,
    new: bool,
) -> ListDialog:
    return ListDialog(identity, head, options, footer=footer, wraps_down=not new, overrun=new)


def _bash_new(step: Step, width: int) -> list[Row]:
    rows = [BLANK, rule(width), *paragraph("Bash command", width, f"1;{ACCENT}")]
    if step.flag("auto", default=True):
        rows += paragraph(_TIP, width, BOLD)
    rows += paragraph(step.text("about") or "Run shell command", width, DIM)
    lines = wrap(step.text("bash"), width - 2)
    if len(lines) > 1:
        lines = ["│ " + line for line in wrap(step.text("bash"), width - 4)]
    rows += _dashed([row(" " + line) for line in lines], width)
    if step.text("why"):
        rows += [*paragraph(step.text("why"), width), BLANK]
    return [*rows, *paragraph("Do you want to proceed?", width)]


def _bash_old(step: Step, width: int) -> list[Row]:
    rows = [BLANK, rule(width), *paragraph("Bash command", width, f"1;{ACCENT}"), BLANK]
    rows += paragraph(step.text("bash"), width, indent=3)
    rows += [*paragraph(step.text("about"), width, DIM, indent=3), BLANK]
    if step.text("why"):
        rows += [*paragraph(step.text("why"), width), BLANK]
    return [*rows, *paragraph("Do you want to proceed?", width)]


def edit(step: Step, version: str) -> ListDialog:
    path = step.text("edit")
    question = f"Do you want to make this edit to {_leaf(path)}?"
    body = [_diff_row(line) for line in step.lines("diff")]
    return _file_dialog(step, version, ("Edit file", path, question), body)


def write(step: Step, version: str) -> ListDialog:
    path = step.text("write")
    over = step.flag("overwrite")
    title, verb = ("Overwrite file", "overwrite") if over else ("Create file", "create")
    content = step.text("content").rstrip("\n").split("\n")
    body = [row(f" {number:>2} {line}".rstrip()) for number, line in enumerate(content, 1)]
    return _file_dialog(
        step, version, (title, path, f"Do you want to {verb} {_leaf(path)}?"), body
    )


def _file_dialog(
    step: Step, version: str, words: tuple[str, str, str], body: list[Row]
) -> ListDialog:
    title, path, question = words
    new = version == NEW
    every = f"Yes, and switch to {_ACCEPT_EDITS} for this session (shift+tab)"
    if not new:
        every = "Yes, allow all edits during this session (shift+tab)"
    options = [
        _yes(),
        Option(every, "mode_changed", mode="accept edits", shortcut=True),
        _no(),
    ]

    def head(width: int, room: int) -> list[Row]:
        rows = [BLANK, rule(width), *paragraph(title, width, f"1;{ACCENT}")]
        rows += [*paragraph(path, width, DIM), *_dashed(body, width)]
        return [*rows, *paragraph(question, width)]

    return _approval(step.id, head, options, _amend_footer(), new=new)


def _diff_row(line: str) -> Row:
    """``12  text``, ``12 -text`` or ``12 +text``: as in the script."""
    number, _, rest = line.strip().partition(" ")
    style = {"-": REMOVED, "+": ADDED}.get(rest[:1], PLAIN)
    return row(f" {number} {rest}".rstrip(), style)


def _leaf(path: str) -> str:
    return path.rsplit("/", 1)[-1]


def fetch(step: Step, version: str) -> ListDialog:
    url, prompt, new = step.text("fetch"), step.text("prompt"), version == NEW
    host = urlsplit(url).hostname or url
    wants = f"Claude wants to fetch content from {host}"
    options = [
        Option("Yes", "allowed"),
        Option(f"Yes, and don't ask again for {host}", "always"),
        Option("No, and tell Claude what to do differently (esc)", "denied"),
    ]

    def head(width: int, room: int) -> list[Row]:
        rows = [BLANK, rule(width), *paragraph("Fetch", width, f"1;{ACCENT}")]
        if new:
            body = [*paragraph(f"url: {url}", width), *paragraph(f"prompt: {prompt}", width)]
            rows += [*paragraph(wants, width, DIM), *_dashed(body, width)]
        else:
            rows += [BLANK, *paragraph(f'url: "{url}", prompt: "{prompt}"', width, indent=3)]
            rows += [*paragraph(wants, width, DIM, indent=3), BLANK]
        return [*rows, *paragraph("Do you want to allow Claude to fetch this content?", width)]

    return _approval(step.id, head, options, lambda dialog: "", new=new)


def plan(step: Step, version: str) -> ListDialog:
    new = version == NEW
    indent = 2 if new else 0
    options = [
        Option("Yes, and use auto mode", "mode_changed", mode="auto", shortcut=True),
        Option("Yes, manually approve edits", "allowed", mode="manual"),
        Option(
            "",
            "feedback",
            opens="caret",
            placeholder="Tell Claude what to change",
            below="shift+tab to approve with this feedback",
        ),
    ]

    def head(width: int, room: int) -> list[Row]:
        return _plan_head(step.text("plan"), width, room if new else 0)

    name = step.id or "plan"
    footer = f"ctrl+g to edit in Vim · ~/.claude/plans/{name}.md"
    return ListDialog(
        step.id,
        head,
        options,
        margin=indent + 1,
        footer=lambda dialog: footer,
        wraps_down=not new,
        overrun=new,
    )


def _plan_head(text: str, width: int, room: int) -> list[Row]:
    """The new layout (``room`` given) cuts the end of a long plan; the old one loses its top."""
    indent = 2 if room else 0
    inner: Row = ((PLAIN, " " * indent), (ACCENT, "─" * (width - 2 * indent)))
    dashes: Row = ((PLAIN, " " * indent), (RULE, _DASH * (width - 2 * indent)))
    narrow, margin = width - indent, indent + 1
    title = paragraph("Ready to code?", narrow, f"1;{ACCENT}", margin)
    here = [BLANK, *paragraph("Here is Claude's plan:", narrow, indent=margin)]
    body = paragraph(text, narrow, indent=margin)
    ask = [inner, *paragraph(_ASK_PLAN, narrow, indent=margin), BLANK]
    if not room:
        return [BLANK, inner, *title, *here, dashes, *body, dashes, BLANK, *ask]
    top = [rule(width, "▔"), BLANK, inner, *title, *here, dashes]
    space = room - len(top) - len(ask)
    if len(body) + 2 <= space:
        return [*top, *body, dashes, BLANK, *ask]
    if space < _SHORT_PLAN:
        top = [rule(width, "▔"), *title, dashes]
        ask = ask[:-1]
        space = room - len(top) - len(ask)
    return [*top, *_cut(body, max(space, 1), width), *ask]


def _cut(body: list[Row], room: int, width: int) -> list[Row]:
    if len(body) <= room:
        return body
    last = row_text(body[room - 1])
    return [*body[: room - 1], row(last.ljust(width - 1) + "↓")]


def trust(step: Step, version: str) -> ListDialog:
    folder, new = step.text("trust"), version == NEW
    leave = Option("No, exit", "exit")
    stay = Option("Yes, I trust this folder", "allowed")

    def head(width: int, room: int) -> list[Row]:
        title = f"1;{WARNING}"
        rows = [
            BLANK,
            rule(width, style=WARNING),
            *paragraph("Accessing workspace:", width, title),
        ]
        rows += [BLANK, *paragraph(folder, width, BOLD), BLANK, *paragraph(_TRUST, width), BLANK]
        can = "Claude Code'll be able to read, edit, and execute files here."
        return [
            *rows,
            *paragraph(can, width),
            BLANK,
            *paragraph("Security guide", width, DIM),
            BLANK,
        ]

    return ListDialog(
        step.id,
        head,
        [leave, stay] if new else [stay, leave],
        numbered=not new,
        footer=lambda dialog: "Enter to confirm · Esc to cancel",
        wraps_down=True,
        cancelled=Outcome("exit", stops=True),
    )
