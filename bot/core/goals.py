"""What must be reached in a dialog, whatever keys that takes."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.prompts import Choice


@dataclass(frozen=True, slots=True)
class Cancel:
    """Escape, where the agent documents it as no."""


@dataclass(frozen=True, slots=True)
class Pick:
    row: Choice


@dataclass(frozen=True, slots=True)
class Write:
    """Text into the row's own field, then Enter. One line: a line end would be a key."""

    row: Choice
    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Exactly these rows checked, then the row that goes on."""

    labels: frozenset[str]
    """Squeezed."""
    submit: Choice


Goal = Cancel | Pick | Write | Mark
