"""Requests that follow from a decision of the core; services carry them out in one transaction."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.approvals import Happening
from bot.core.hooks import Asked
from bot.core.ids import Fingerprint, PromptId
from bot.core.lifecycle import Phase
from bot.core.prompts import Prompt
from bot.core.signals import Signal


@dataclass(frozen=True, slots=True)
class OpenPrompt:
    """A prompt came to the screen: a row, a code and a card for it."""

    prompt: Prompt
    fingerprint: Fingerprint
    epoch: int
    call: str = ""
    """The open call of a hook that told it, too; empty: nothing but the screen did."""
    shown: Prompt | None = None
    """What stands on the screen, where ``prompt`` says more than that; None when that is all, or
    with a ``call`` when no dialog is there."""


@dataclass(frozen=True, slots=True)
class JoinPrompt:
    """The other source has told of the same prompt: its row holds more than before."""

    row: PromptId
    prompt: Prompt
    fingerprint: Fingerprint
    call: str
    shown: Prompt


@dataclass(frozen=True, slots=True)
class ReportDispute:
    """A hook waits, and the dialog that came to the screen shows something else."""

    asked: Asked
    shown: Prompt
    epoch: int
    by_record: bool = False
    """No hook tells of it: the agent's own record does."""


@dataclass(frozen=True, slots=True)
class ClosePrompt:
    """A prompt left the screen, or its pane did."""

    prompt: PromptId
    happening: Happening


@dataclass(frozen=True, slots=True)
class ReportSignal:
    signal: Signal


@dataclass(frozen=True, slots=True)
class ReportPhase:
    before: Phase
    after: Phase
    reason: str = ""


Effect = OpenPrompt | JoinPrompt | ClosePrompt | ReportDispute | ReportSignal | ReportPhase
