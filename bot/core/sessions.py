"""A session: one supervised pane, under a name a person can say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.core.agent import State
from bot.core.anchors import NOWHERE, Anchor
from bot.core.hearing import NOTHING, Memory
from bot.core.ids import Fingerprint, PaneKey, PromptId, SessionName
from bot.core.lifecycle import Phase
from bot.core.stages import Stage, Step
from bot.core.vitals import UNKNOWN, Vitals


class Origin(StrEnum):
    STARTED = "started"
    """Made by us, so stopping it is ours to do."""
    FOUND = "found"


@dataclass(frozen=True, slots=True)
class Session:
    name: SessionName
    pane: PaneKey
    tmux_session: str
    directory: str
    origin: Origin
    started_at: datetime
    last_activity: datetime
    state_since: datetime
    agent: str = ""
    """Agent id, empty while none has been seen in the pane."""
    phase: Phase = Phase.SHELL
    state: State = State.NONE
    activity: str = ""
    task: str = ""
    watched: bool = True
    epoch: int = 0
    """Rises whenever a prompt leaves the screen."""
    fingerprint: Fingerprint | None = None
    """Of the prompt that is on the screen now."""
    prompt: PromptId | None = None
    """The ledger's row for it."""
    signals: tuple[str, ...] = ()
    """Signals that stand on the screen, as ``KIND:text``."""
    memory: Memory = NOTHING
    """Which signals have been told."""
    tag: str = ""
    """What its own signals are marked with, if it was taught to: ``:::DONE#k3f:…:::``."""
    stage: Stage = Stage.SPAWNED
    history: tuple[Step, ...] = ()
    """How it came to be at this stage, oldest first; bounded."""
    task_at: datetime | None = None
    """When the agent set to work on what it does, or did last."""
    vitals: Vitals = UNKNOWN
    left_by: str = ""
    """The agent that went away in the middle of its work, while its shell is still there."""
    concern: str = ""
    """What is amiss with it and has been told: a ``Concern``."""
    concern_at: datetime | None = None
    started_by: str = ""
    """The inbound event that started it: the same event starts nothing twice."""
    call: str = ""
    """The open call of a hook that told ``prompt``, too. With a call and no ``fingerprint`` the
    prompt is known from the hook alone."""
    conversation: str = ""
    """The agent's own id of what is being said in it; another one after ``/clear`` or a fork."""
    transcript: str = ""
    """The file that the agent keeps of that."""
    agent_pid: int = 0
    """The agent's process, as its hooks tell; 0 when not known."""
    anchor: Anchor = NOWHERE
    """How far its pane has been read."""

    @property
    def progress(self) -> str:
        """Percent of the task, as the agent said last; empty if it has not."""
        said = [e.key for e in self.memory.turn if e.key.startswith("PROGRESS:")]
        digits = said[-1].partition(":")[2].rstrip("%") if said else ""
        return digits if digits.isdigit() and int(digits) <= 100 else ""

    @property
    def hooked_only(self) -> bool:
        return bool(self.prompt and self.call) and self.fingerprint is None
