"""Facts about one pane, as the supervisor learns them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.core.agent import Reading
from bot.core.anchors import Anchor
from bot.core.hooks import Asked, Told
from bot.core.ids import Fingerprint
from bot.core.prompts import Prompt
from bot.core.signals import Signal
from bot.core.vitals import UNKNOWN, Vitals
from bot.core.written import NOTHING_WRITTEN, Written


@dataclass(frozen=True, slots=True)
class Observed:
    """A settled screen was read. ``fingerprint`` is that of the prompt on it, if there is one."""

    at: datetime
    reading: Reading
    fingerprint: Fingerprint | None = None
    stood: tuple[Signal, ...] | None = None
    """Signals that are old news: at the first look at a session we did not start, those that
    stood there when its pane was first seen; after a resize, what has come back into sight."""
    asked: tuple[Asked, ...] = ()
    """What hooks of this pane's agent wait for an answer to, newest first."""
    vitals: Vitals = UNKNOWN
    visible: tuple[Signal, ...] | None = None
    """Those of the reading's signals that are on the screen itself, when lines that had scrolled
    by were read as well."""
    unsure: bool = False
    """Some of those lines may have been read before."""
    fresh: tuple[Signal, ...] | None = None
    """Those of the reading's signals that came after what was read before; None: not known."""
    anchor: Anchor | None = None
    """How far the pane has been read with this; None: that is not kept."""
    written: Written = NOTHING_WRITTEN
    """What the agent's own record says of a dialog that is not all in sight."""


@dataclass(frozen=True, slots=True)
class Vanished:
    """The pane, its program or its server is gone."""

    at: datetime
    reason: str
    crashed: bool = False
    """It broke off by itself, with an error."""


@dataclass(frozen=True, slots=True)
class HookTold:
    """The agent told something by a hook. ``ended``: the call (``Asked.call``) that is over with
    it, if there is one."""

    at: datetime
    told: Told
    ended: str = ""
    agent_pid: int = 0


@dataclass(frozen=True, slots=True)
class HookWaits:
    """A hook has waited for a while, and no dialog of it that can be read came to the screen."""

    at: datetime
    asked: Asked
    shown: Prompt | None = None
    """Another dialog that stands there meanwhile."""


@dataclass(frozen=True, slots=True)
class HookLeft:
    """A hook that waited is gone, and nothing was answered through it."""

    at: datetime
    call: str


Event = Observed | Vanished | HookTold | HookWaits | HookLeft
