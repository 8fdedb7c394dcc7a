"""How far a session has come, by what was seen and said of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.effects import Effect, ReportPhase, ReportSignal
from bot.core.lifecycle import Phase
from bot.core.sessions import Session
from bot.core.signals import Signal, SignalKind
from bot.core.stages import Stage, stepped

FLICKER = timedelta(seconds=3)
"""An agent that rests for no longer than that goes on with the same task."""

TURN_OVER = "its turn is over"
_SAID = {
    SignalKind.DONE: Stage.DONE,
    SignalKind.HELP: Stage.WAITING_INPUT,
    SignalKind.BLOCKED: Stage.WAITING_INPUT,
    SignalKind.ERROR: Stage.ERROR,
}
_BUSY = frozenset({Phase.WORKING, Phase.WAITING})
_NO_AGENT = frozenset({"", "generic"})


def staged(
    before: Session, after: Session, effects: Sequence[Effect], at: datetime, *, crashed: bool
) -> Session:
    """``after`` with its stage, its history and when its task began."""
    news = [effect.signal for effect in effects if isinstance(effect, ReportSignal)]
    reason = next((e.reason for e in effects if isinstance(e, ReportPhase)), "")
    stage, why = _wanted(before, after, news, reason, crashed=crashed)
    begun = _task_begun(before, after, at)
    after = replace(after, task_at=begun, left_by=_left(before, after))
    if stage is None or stage is before.stage:
        return after
    return replace(after, stage=stage, history=stepped(after.history, stage, why, at))


def _wanted(
    before: Session, after: Session, news: Sequence[Signal], reason: str, *, crashed: bool
) -> tuple[Stage | None, str]:
    if after.phase is Phase.ENDED:
        ended = Stage.ERROR if crashed else Stage.CLEANED
        return (ended, reason) if before.phase is not Phase.ENDED else (None, "")
    said = [signal for signal in news if signal.kind in _SAID]
    if said and after.phase is not Phase.WAITING:
        last = said[-1]
        return _SAID[last.kind], f"it said {last.kind}: {last.text}".removesuffix(": ")
    if after.phase is before.phase:
        reports = any(signal.kind is SignalKind.PROGRESS for signal in news)
        return (Stage.WORKING, "") if reports and after.phase is Phase.SHELL else (None, "")
    return _by_phase(before, after)


def _by_phase(before: Session, after: Session) -> tuple[Stage | None, str]:
    match after.phase:
        case Phase.WORKING:
            return Stage.WORKING, ""
        case Phase.WAITING:
            return Stage.WAITING_INPUT, "a dialog is open"
        case Phase.IDLE if before.phase is Phase.WAITING or before.stage is Stage.WORKING:
            return Stage.DONE, TURN_OVER
        case Phase.SHELL if before.agent in _NO_AGENT:
            return None, ""
        case Phase.SHELL if before.phase in _BUSY:
            return Stage.ERROR, "the agent left in the middle of its work"
        case Phase.SHELL if before.phase is Phase.IDLE:
            return Stage.DONE, "the agent has exited"
        case _:
            return None, ""


def _task_begun(before: Session, after: Session, at: datetime) -> datetime | None:
    if after.phase is not Phase.WORKING or before.phase in _BUSY:
        return after.task_at
    is_flicker = before.phase is Phase.IDLE and at - before.state_since < FLICKER
    return after.task_at if is_flicker and after.task_at else at


def _left(before: Session, after: Session) -> str:
    """The agent that left its shell behind while it had something to do."""
    if after.phase is not Phase.SHELL:
        return ""
    if before.phase in _BUSY and before.agent not in _NO_AGENT:
        return before.agent
    return before.left_by
