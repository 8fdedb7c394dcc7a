"""What a dialog shows above its options, taken apart along its rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.dialogs import Options
from bot.core.layout import (
    cells,
    dedented,
    indent,
    is_inner_rule,
    is_rule,
    paragraph_above,
    rejoin,
    rule_width,
    trimmed,
)
from bot.core.prompts import squeezed

_RULES = "─▔╌"


@dataclass(frozen=True, slots=True)
class Panel:
    top: int | None
    """The row of the rule above it all; None when that is off the screen."""
    edge: str
    """The glyph of that rule."""
    title: str
    heading: str
    """The title with the lines that it goes on for, as one."""
    header: tuple[str, ...]
    """Between the title and the framed part."""
    content: tuple[str, ...]
    """The framed part; without frames, all between title and question."""
    content_row: int
    framed: bool
    question: str
    body: tuple[str, ...]
    width: int
    """Columns of the pane."""

    @property
    def drawn(self) -> bool:
        """False while an ellipsis stands for a diff that follows (Claude Code 2.1.197)."""
        return [line.strip() for line in self.content] != ["…"]

    @property
    def start(self) -> int:
        return 0 if self.top is None else self.top + 1


def panel_above(rows: Sequence[str], options: Options, notes: Sequence[str] = ()) -> Panel:
    """``notes``: what the agent itself writes below a title and asks nothing with, word for word.

    They are left out, and only there: in a frame, and without one, stands what is asked."""
    top = upper_rule(rows, options.first)
    start = 0 if top is None else top + 1
    width = rule_width(rows, _RULES)
    end = options.first
    while end > start and not rows[end - 1].strip():
        end -= 1
    asked = paragraph_above(rows, end, options.column)
    frames = [at for at in range(start, asked) if is_rule(rows[at], "╌")]
    title = rows[start].strip() if top is not None and start < end else ""
    first = start + (1 if top is not None else 0)
    inner = frames[0] + 1 if len(frames) > 1 else first
    after = _after_note(rows[: frames[0]], first, notes) if len(frames) > 1 and title else first
    kept = [*rows[start:first], *rows[after : options.first]]
    return Panel(
        top=top,
        edge="" if top is None else rows[top][0],
        title=title,
        heading=flowed(trimmed_paragraph(kept), width) if title else "",
        header=tuple(rows[after : frames[0]]) if len(frames) > 1 else (),
        content=tuple(rows[inner : frames[-1] if frames else asked]),
        content_row=inner,
        framed=bool(frames),
        question=flowed(rows[asked:end], width),
        body=shown(kept, width),
        width=width or max(map(cells, rows), default=0),
    )


def _after_note(rows: Sequence[str], first: int, notes: Sequence[str]) -> int:
    """The row after a note that begins at ``first``; ``first`` itself when none does."""
    for note in map(squeezed, notes):
        text = ""
        for at in range(first, len(rows)):
            text += squeezed(rows[at])
            if text == note:
                return at + 1
            if not note.startswith(text):
                break
    return first


def trimmed_paragraph(rows: Sequence[str]) -> Sequence[str]:
    """The rows before the first empty one."""
    return rows[: next((at for at, row in enumerate(rows) if not row.strip()), len(rows))]


def upper_rule(rows: Sequence[str], below: int, glyphs: str = "─▔") -> int | None:
    """The nearest rule from the first column on, above a row."""
    return next((at for at in range(below - 1, -1, -1) if is_rule(rows[at], glyphs)), None)


def shown(rows: Sequence[str], width: int) -> tuple[str, ...]:
    """Rows as a person should read them: without the dialog's own rules, outer blanks and the
    common indent. A line of dashes inside a command stays."""
    return dedented(trimmed([row for row in rows if not _is_frame(row, width)]))


def _is_frame(row: str, width: int) -> bool:
    """A rule over the whole pane, or over a box that is indented by two on both sides."""
    if not is_inner_rule(row, _RULES):
        return False
    return indent(row) == 0 or (indent(row) == 2 and cells(row) == width - 2)


def unbarred(rows: Sequence[str]) -> tuple[str, ...]:
    """Without the bar that is put before text of several lines, at whatever indent."""
    lines = [row.lstrip(" ") for row in rows]
    if all(line.startswith("│") for line in lines):
        return tuple(line[2:] for line in lines)
    depth = min((indent(row) for row in rows if row.strip()), default=0)
    return tuple(row[depth:] for row in rows)


def flowed(rows: Sequence[str], width: int) -> str:
    """A paragraph as one line."""
    lines = [row.strip(" ") for row in rows if row.strip()]
    depth = min((indent(row) for row in rows if row.strip()), default=0)
    return " ".join(rejoin(lines, width - 1 - depth).split("\n")).strip()


def paragraphs(rows: Sequence[str], width: int) -> list[str]:
    """The texts that empty rows part, each as one line."""
    found: list[list[str]] = [[]]
    for row in rows:
        if row.strip():
            found[-1].append(row)
        elif found[-1]:
            found.append([])
    return [flowed(block, width) for block in found if block]
