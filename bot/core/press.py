"""The guard of a key press: what must be true inside tmux at the moment the key goes in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.core.ids import PaneKey, PressId

ANY = "\ue000"
"""In a guard's line: any one character but a blank. Private use, and taken like that anyway."""


@dataclass(frozen=True, slots=True)
class Guard:
    """Conditions that the tmux server itself checks, in the same step as the key.

    Besides these it always checks: server pid and start time, pane pid, not in a mode, not dead,
    input on, not synchronized, and that ``press`` is not the pane's last press already.
    """

    press: PressId
    pane: PaneKey
    deadline: int
    """Seconds since 1970; from then on tmux refuses."""
    lines: tuple[str, ...]
    """Screen rows, as captured, each of which must still stand on the screen word for word,
    but for ``ANY``."""
    above: tuple[str, ...] | None = None
    """The rows of the same screen above ``lines``: then each line must also stand at its place,
    so that a copy of it higher up cannot stand in for one that has changed."""
    cursor: tuple[int, int] | None = None
    """Column and row where the cursor must stand: behind a line that asks it then is still the
    last thing that was written."""


@dataclass(frozen=True, slots=True)
class Press:
    """Keys (or text, as bytes already filtered) for a pane, under a guard."""

    guard: Guard
    data: bytes
    paste: bool = False
    """Send by a bracketed paste buffer instead of as keys."""


class Outcome(StrEnum):
    PRESSED = "pressed"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    """The tmux server went away or did not answer: the key may or may not have gone in."""


class Refusal(StrEnum):
    """Why tmux refused, in the order in which the reasons are looked for."""

    SERVER_CHANGED = "the tmux server was restarted"
    PANE_GONE = "the pane is gone"
    PANE_CHANGED = "another program runs in that pane now"
    ALREADY_PRESSED = "this very press was already made"
    DEAD = "the program in the pane has ended"
    IN_MODE = "the pane is in copy mode"
    INPUT_OFF = "input to the pane is switched off"
    SYNCHRONIZED = "the panes of that window are synchronized: the key would go to all of them"
    EXPIRED = "it came too late: the deadline has passed"
    SCREEN_CHANGED = "the screen is not the one you saw"


@dataclass(frozen=True, slots=True)
class PressResult:
    outcome: Outcome
    refusal: Refusal | None = None
