"""From a dialog as it is drawn to a prompt: by whole meaning, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.core.dialogs import Option, Options
from bot.core.layout import trimmed
from bot.core.panels import Panel
from bot.core.prompts import Kind, Prompt, Role

RoleOf = Callable[[Option, str], Role | None]


def fill(base: Prompt, options: Options, panel: Panel, role_of: RoleOf) -> Prompt | None:
    """``base`` with rows, body and place; None when a row has a label that is not known.

    What ``base`` says already stays, but it is complete only if nothing is off the screen."""
    choices = options.choices(panel.width, role_of)
    if choices is None:
        return None
    return replace(
        base,
        choices=choices,
        question=base.question or panel.question,
        body=base.body or panel.body,
        complete=base.complete and not options.clipped and panel.top is not None,
        span=(panel.top or 0, options.bottom),
        width=panel.width,
    )


def raw(agent: str, kind: Kind, rows: Sequence[str], top: int | None) -> Prompt:
    """A dialog as it stands: nothing of it is understood, so nothing in it can be chosen."""
    start = 0 if top is None else top + 1
    return Prompt(kind, agent, body=trimmed(rows[start:]), span=(top or 0, len(rows)))
