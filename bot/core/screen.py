"""A captured screen: rows as a person sees them, and what tmux says of the pane beside it."""

from __future__ import annotations

from dataclasses import dataclass, field

Size = tuple[int, int]
"""Columns and rows of a pane."""


@dataclass(frozen=True, slots=True)
class PaneFacts:
    """What tmux knows of a pane at the moment of a capture. Unknown facts keep their defaults."""

    command: str = ""
    """``#{pane_current_command}``: the foreground program, empty when not known."""
    title: str = ""
    cursor_x: int = 0
    cursor_y: int = 0
    cursor_shown: bool = True
    alternate: bool = False
    in_mode: bool = False
    dead: bool = False
    history: int = 0
    height: int = 0
    """Rows of the pane; a screen with history has more."""
    width: int = 0
    """Columns of the pane."""

    @property
    def size(self) -> Size:
        return self.width, self.height


@dataclass(frozen=True, slots=True)
class Screen:
    """The visible rows, top to bottom, right-stripped; ``ansi`` holds the same rows with SGR."""

    rows: tuple[str, ...]
    pane: PaneFacts = field(default_factory=PaneFacts)
    ansi: tuple[str, ...] | None = None

    @classmethod
    def of(cls, text: str, pane: PaneFacts | None = None, ansi: str | None = None) -> Screen:
        return cls(
            rows=tuple(row.rstrip() for row in text.split("\n")),
            pane=pane or PaneFacts(),
            ansi=None if ansi is None else tuple(ansi.split("\n")),
        )

    def trimmed(self) -> tuple[str, ...]:
        """The rows without the empty ones at the bottom."""
        end = len(self.rows)
        while end and not self.rows[end - 1]:
            end -= 1
        return self.rows[:end]
