"""What an agent type must provide, and what it makes of a screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.core.hook_settings import HookSetup
from bot.core.hooks import Asked, Json, Reply, Told
from bot.core.keeping import Keeping
from bot.core.packs import Pack
from bot.core.prompts import Prompt
from bot.core.screen import Screen
from bot.core.signals import Signal
from bot.core.vitals import Vitals, count_tests


class State(StrEnum):
    """What a session is seen to be doing. The dialog states have the names of prompt kinds."""

    APPROVAL = "approval"
    QUESTION = "question"
    PLAN = "plan"
    TRUST = "trust"
    MENU = "menu"
    UNREADABLE = "unreadable"
    LOGIN = "login"
    """It wants somebody to sign in, or a key, before it does anything: at the terminal."""
    WORKING = "working"
    IDLE = "idle"
    SHELL = "shell"
    DEAD = "dead"
    NONE = "none"


class Composer(StrEnum):
    """The agent's input box: only an empty one may be typed into."""

    ABSENT = "absent"
    EMPTY = "empty"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Reading:
    """The meaning of one screen."""

    agent: str
    state: State
    prompt: Prompt | None = None
    composer: Composer = Composer.ABSENT
    draft: str = ""
    """What stands in the input box, when ``composer`` is DRAFT."""
    activity: str = ""
    """What the agent says it is doing, e.g. ``Crystallizing… (7s · ↓ 21 tokens)``."""
    signals: tuple[Signal, ...] = ()
    wants_colours: bool = False
    """The screen was read without colours, and with them it says more: read it again."""
    covered: bool = False
    """Something else is over what it says: that a signal is not in sight means nothing."""
    early: bool = False
    """It is a dialog as a whole, but the agent may draw more of what it asks about in a moment."""
    shell: bool = False
    """The input box is one for a shell: what is sent from it runs, and nobody is asked."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The bytes each key of an agent's dialogs is sent as."""

    enter: bytes = b"\r"
    escape: bytes = b"\x1b"
    tab: bytes = b"\t"
    up: bytes = b"\x1b[A"
    down: bytes = b"\x1b[B"
    right: bytes = b"\x1b[C"
    left: bytes = b"\x1b[D"
    interrupt: bytes = b"\x1b"
    tick: bytes = b""
    """Ticks a box; empty: Enter does that."""
    stash: bytes = b""
    """Puts by what stands in the input box, and the agent brings it back after the next message;
    empty: it has no such key."""
    field: bytes = b""
    """Opens the field of a row for own words; empty: it is open when the caret is on the row."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds that an agent needs before it takes a key for what it is."""

    dialog: float = 0.3
    """Claude Code 2.1.329 swallows Enter in the first ~150 ms of a dialog."""
    launch: float = 1.0
    """Its trust dialog also loses Escape and arrows at first (2.1.329)."""
    enter: float = 0.0
    """Between a text in the input box and the Enter that sends it."""


@dataclass(frozen=True, slots=True)
class AgentSpec:
    """One agent type. ``read_screen`` is pure and total: any text gives a Reading."""

    id: str
    title: str
    processes: frozenset[str]
    """Foreground program names (``#{pane_current_command}``) that mean this agent."""
    read_screen: Callable[[Screen], Reading]
    claims: Callable[[Screen], bool] = lambda screen: False
    """Whether a screen without pane facts looks like this agent's."""
    made_from: Pack | None = None
    """What its patterns were made from; None: they are of no one program."""
    hosts: str = ""
    """Regular expression of foreground programs that may be it, such as an interpreter: then what
    it ``claims`` is its own."""
    titles: str = ""
    """Regular expression of the pane titles that only this agent sets. What it ``claims``
    under such a title is its own, though nobody knows the foreground program (ssh, a wrapper)."""
    launch: tuple[str, ...] = ()
    """The command that starts it, without a task."""
    permission_flag: str = ""
    """The option that takes the permission mode, e.g. ``--permission-mode``."""
    default_mode: str = ""
    teach_flag: str = ""
    """The option that takes lines for the agent's own instructions."""
    resume_flag: str = ""
    """The option that takes the id of a conversation to go on with; empty: it cannot."""
    busy_line: str = "esc to interrupt"
    """Regular expression: found in a row while the agent works and can be interrupted, never
    beside a dialog."""
    again_line: str = ""
    """Regular expression: found in those rows, put together with single blanks, once the agent
    wants the interrupt key a second time; empty: it never does."""
    spinner: str = ""
    """Characters that change place in the busy row faster than anybody can press a key."""
    busy_rows: int = 6
    """How many rows from the bottom up it is looked for: above them it may be anybody's text."""
    stashed_line: str = ""
    """Regular expression: found in a row while a draft is put by; with ``keys.stash``."""
    queued_line: str = ""
    """Regular expression: found in a row while a text that it has taken waits for its turn."""
    keys: Keys = field(default_factory=Keys)
    timing: Timing = field(default_factory=Timing)
    vitals: Callable[[Screen], Vitals] = lambda screen: Vitals(tests=count_tests(screen.trimmed()))
    """What else its screen tells, for people: pure and total; what is not certain is left out."""
    hooks: HookSetup | None = None
    """How it can be made to tell us by hooks; None: it has none that we know."""
    read_hook: Callable[[Mapping[str, Any]], Told | None] = lambda given: None
    """What its hook was given, in our words: pure and total; None tells nothing."""
    answer_hook: Callable[[Asked, Reply], Json | None] = lambda asked, reply: None
    """What its hook prints; None for a reply that its hooks cannot give."""
    keeping: Keeping | None = None
    """What it writes down of its calls; None: nothing that is read."""
