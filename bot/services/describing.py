"""A session in words: for its page, and in a few characters for a list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.core.lifecycle import Phase
from bot.core.sessions import Session
from bot.core.stages import Step
from bot.core.visible import reveal
from bot.services.overview import age

STEPS = 6
"""Of its history, as many as a phone shows beside the rest."""

_BUSY = (Phase.WORKING, Phase.WAITING)
"""In which what it said of its progress still holds."""


def facts(session: Session, now: datetime) -> list[str]:
    """``Key: value`` lines; what is not known is left out."""
    vitals = session.vitals
    lines = {
        "Agent": " · ".join(filter(None, (session.agent, vitals.model, vitals.mode))),
        "State": f"{session.phase.value} for {age(session.state_since, now)}",
        "⚠️": vitals.stopped or vitals.trouble,
        "Task": session.task,
        "Title": vitals.title if vitals.title != session.task else "",
        "Progress": f"{session.progress} %" if session.progress and session.phase in _BUSY else "",
        "Tests": f"{vitals.tests} passed" if vitals.tests else "",
        "Doing": session.activity if session.phase is Phase.WORKING else "",
        "Context": "" if vitals.context is None else f"{vitals.context} % used",
        "Cost": vitals.cost,
        "Last activity": f"{age(session.last_activity, now)} ago",
        "Started": f"{age(session.started_at, now)} ago ({session.origin.value})",
        "Directory": session.directory,
    }
    return [f"{name}: {reveal(value)}" for name, value in lines.items() if value]


def history(steps: Sequence[Step]) -> str:
    """The last steps, one line each, in this machine's time."""
    return "\n".join(_step(step) for step in steps[-STEPS:])


def _step(step: Step) -> str:
    at = datetime.fromtimestamp(step.at / 1000, UTC).astimezone()
    why = f": {reveal(' '.join(step.why.split()))}" if step.why else ""
    line = f"{at:%H:%M} {step.stage.value}{why}"
    return line if len(line) <= 80 else f"{line[:79]}…"
