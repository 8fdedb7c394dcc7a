"""What is amiss with a session that says nothing of it itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.lifecycle import Phase
from bot.core.notices import Button, Notice, NoticeKind, Part
from bot.core.sessions import Origin, Session
from bot.core.stages import Stage
from bot.core.visible import reveal

SERVER_GONE = "the tmux server has ended"


class Concern(StrEnum):
    STUCK = "stuck"
    IDLE = "idle"
    LEFT = "left"
    """The agent went away in the middle of its work; its shell is still there."""
    HALTED = "halted"
    """The agent says why it cannot go on: no credit, no login, no room in its context."""
    GONE = "gone"
    """The tmux server ended, and took it along."""


@dataclass(frozen=True, slots=True)
class Limits:
    stuck_after: timedelta
    """Of working without output."""
    idle_after: timedelta
    """Of waiting for a new task; zero: that is never told."""


def concern_of(session: Session, now: datetime, limits: Limits) -> Concern | None:
    if session.phase is Phase.ENDED:
        why = session.history[-1].why if session.history else ""
        return Concern.GONE if why == SERVER_GONE and has_agent(session) else None
    if session.left_by:
        return Concern.LEFT
    if session.vitals.stopped and session.phase is Phase.IDLE:
        return Concern.HALTED
    silent = now - session.last_activity
    if session.phase is Phase.WORKING and silent >= limits.stuck_after:
        return Concern.STUCK
    rested = now - max(session.state_since, session.last_activity)
    idle = session.phase is Phase.IDLE and limits.idle_after and has_agent(session)
    return Concern.IDLE if idle and rested >= limits.idle_after else None


def has_agent(session: Session) -> bool:
    return session.agent not in ("", "generic")


def concern_topic(session: Session) -> str:
    """Of the card of the concern that it has; a reply to it is a reply to the session."""
    at = session.concern_at
    stamp = 0 if at is None else int(at.timestamp() * 1000)
    return f"session:{session.name} {session.concern}-{stamp}"


def concern_card(session: Session, concern: Concern, now: datetime) -> Notice:
    name = session.name
    silent = _minutes(now - session.last_activity)
    titles = {
        Concern.STUCK: f"🐌 Session '{name}' works without any output ({silent})",
        Concern.IDLE: f"💤 Session '{name}' has been idle for {silent}",
        Concern.LEFT: f"⏹ {session.left_by} left session '{name}' in the middle of its work",
        Concern.HALTED: f"⛔ Session '{name}' can't go on: {reveal(session.vitals.stopped)}",
        Concern.GONE: f"⏹ Session '{name}' ended: {SERVER_GONE}",
    }
    looks = {
        Concern.STUCK: ("peek", "screen", "interrupt"),
        Concern.GONE: _again(session),
    }.get(concern, ("peek", "screen"))
    parts = []
    if session.task and concern is not Concern.HALTED:
        parts.append(Part(f"Task: {reveal(session.task)[:200]}"))
    if concern in (Concern.STUCK, Concern.IDLE):
        parts.append(Part("To tell it something, reply to this."))
    buttons = tuple(Button(word, f"{word} {name}") for word in looks)
    failed = concern in (Concern.LEFT, Concern.HALTED)
    return Notice(
        NoticeKind.STATE, titles[concern], tuple(parts), buttons, session=name, failure=failed
    )


def gone_card(names: list[str]) -> Notice:
    """All that one server took along."""
    listed = Part("\n".join(names[:20]) + (f"\n… and {len(names) - 20} more" * (len(names) > 20)))
    buttons = tuple(Button(f"again {name}", f"again {name}") for name in names[:6])
    title = f"⏹ The tmux server has ended, and {len(names)} sessions with it"
    return Notice(NoticeKind.STATE, title, (listed,), buttons)


def ended_card(session: Session, reason: str) -> Notice:
    title = f"⏹ Session '{session.name}' ended: {reason}"
    buttons = tuple(Button(word, f"{word} {session.name}") for word in _again(session))
    failed = session.stage is Stage.ERROR
    return Notice(NoticeKind.STATE, title, buttons=buttons, session=session.name, failure=failed)


def _again(session: Session) -> tuple[str, ...]:
    return ("again",) if session.origin is Origin.STARTED else ()


def over_card(session: Session, concern: Concern, now: datetime) -> Notice:
    """The same card once that is over."""
    lasted = "" if session.concern_at is None else f" after {_minutes(now - session.concern_at)}"
    words = {
        Concern.STUCK: "was silent",
        Concern.IDLE: "was idle",
        Concern.LEFT: "had been left by its agent",
        Concern.HALTED: "could not go on",
        Concern.GONE: "was out of sight",
    }
    ended = session.phase is Phase.ENDED
    title = (
        f"☑️ Session '{session.name}' {words[concern]}; it has ended"
        if ended
        else f"☑️ Session '{session.name}' {words[concern]}; it is {session.phase}{lasted}"
    )
    return Notice(NoticeKind.CLOSED, title, session=session.name, silent=True)


def _minutes(length: timedelta) -> str:
    minutes = int(length.total_seconds() // 60)
    return f"{minutes // 60} h" if minutes >= 120 else f"{max(1, minutes)} min"
