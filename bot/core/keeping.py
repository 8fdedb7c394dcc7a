"""What an agent writes down of itself: where that is, and how its own record of a call is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.core.hooks import Asked


@dataclass(frozen=True, slots=True)
class Process:
    """One that runs in a pane."""

    pid: int
    begun: str = ""
    """When it did, in the kernel's own ticks: a number that is used again has another one."""
    arguments: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    """The variables that were asked for, as it was started with them."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the agent that a process is keeps its record."""

    transcript: str
    settings: tuple[str, ...] = ()
    """Files that may tell it to change a call before it runs: what is in its record is then not
    what would run."""
    helpers: str = ""
    """The folder in which each of its helpers keeps a record."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """One agent's habits. All of it is pure and total."""

    variables: frozenset[str]
    """Of a process's environment: they say where it keeps its files."""
    account: Callable[[Process], str]
    """The path of the small file that a process keeps of itself; empty when it keeps none."""
    place: Callable[[Process, str, str], Place | None]
    """From that file's text, and the path of its record as a hook told it; None when the file is
    of no such process, or something else may change its calls."""
    rewrites: Callable[[str], bool]
    """Whether one of ``Place.settings``, by its text, may have calls changed before they run."""
    waiting: Callable[[str], Sequence[Asked]]
    """The calls at the end of a record, or of a helper's, that have no result yet; ``Asked.call``
    is the agent's own id of each. The first line and the last one may be half there."""
