"""OpenCode's questions (1.18.33): numbered rows in a panel, its own words as the last one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.core.barred import Panel, last_paragraph
from bot.core.grounds import Ground, one_marked, stands_out
from bot.core.layout import trimmed
from bot.core.prompts import Choice, Kind, Prompt, Role

_AGENT = "opencode"
HINTS = re.compile(r"(?:^|(?<= {2}))(?:ctrl\+f |⇆ |↑↓ |enter (?:s|c|t))")
"""What the keys do, behind or below the rows of a panel."""
_NUMBERED = re.compile(r"(?P<number>\d{1,2})\. (?:\[(?P<tick>[ ✓])\] )?(?P<label>\S.*?)(?: ✓)?")
_NEXT = "Next"
_OWN = "Type your own answer"


def question(panel: Panel, title: int, colours: Sequence[Ground]) -> Prompt | None:
    """``title``: the first line of the panel that holds anything."""
    foot = last_paragraph(panel.lines)
    hints = " ".join(line.strip() for line in panel.lines[foot:]).strip()
    if not HINTS.match(hints) or not hints.endswith("dismiss"):
        return None
    start = panel.filled(title + 1) if hints.startswith("⇆") else title
    above = range(foot - 1, -1, -1)
    first = next((at for at in above if panel.lines[at].startswith("1. ")), None)
    end = foot if first is None else first
    texts = trimmed(panel.lines[start:end])
    text = " ".join(" ".join(texts).split())
    base = Prompt(Kind.QUESTION, _AGENT, "question", text, text, body=texts, cancel_denies=True)
    if first is None:
        if texts[:1] != ("Review",):
            return None
        submit = Choice(1, "Submit", Role.SUBMIT, selected=True, rows=(panel.top + foot,))
        answers = " ".join(text.split(" ", 1)[1:])
        return replace(base, subject=answers, question="Review", choices=(submit,))
    return _with_rows(base, panel, range(first, foot), colours)


def _with_rows(
    base: Prompt, panel: Panel, where: range, colours: Sequence[Ground]
) -> Prompt | None:
    found: list[Choice] = []
    for at in where:
        line, row = panel.lines[at], panel.top + at
        item = _NUMBERED.fullmatch(line)
        if item:
            if int(item["number"]) != len(found) + 1:
                return None
            ground = colours[row] if row < len(colours) else ()
            lit = bool(stands_out(ground, panel.margin, panel.left + 1))
            role = Role.OTHER if item["label"] == _OWN else Role.ANSWER
            checked = None if item["tick"] is None else item["tick"] == "✓"
            label = item["label"]
            found.append(Choice(len(found) + 1, label, role, lit, checked, rows=(row,)))
        elif line.strip():
            if not line.startswith("   "):
                return None
            last = found[-1]
            detail = f"{last.detail} {line.strip()}".strip()
            found[-1] = replace(last, detail=detail, rows=(*last.rows, row))
    prompt = _typing(replace(base, choices=one_marked(found)))
    return _with_next(prompt, panel.top + where.stop) if prompt.multiple else prompt


def _with_next(prompt: Prompt, foot: int) -> Prompt:
    """Several answers are sent from a tab of its own, which shows them once more."""
    after = Choice(len(prompt.choices) + 1, _NEXT, Role.SUBMIT, rows=(foot,), by_tab=True)
    return replace(prompt, choices=(*prompt.choices, after))


def _typing(prompt: Prompt) -> Prompt:
    """The row for own words has a field under it while it is written in."""
    own = prompt.choices[-1]
    if own.role is not Role.OTHER or not own.detail:
        return prompt
    label = _OWN if own.detail == _OWN else own.detail
    field = replace(own, label=label, detail="")
    return replace(prompt, choices=(*prompt.choices[:-1], field), typing=True)
