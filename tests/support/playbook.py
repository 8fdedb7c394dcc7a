"""A test of the core as a conversation: what is seen, and what must follow from it.

    Playbook(session()) << sees(prompt("npm run build")) >> opens("npm run build")

``<<`` gives one event; the ``>>`` after it name every effect of it, in order. An event that is
followed by no ``>>`` must have none. ``done`` checks the last event and gives the session."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.core.agent import Reading, State
from bot.core.approvals import Happening
from bot.core.decide import decide
from bot.core.effects import (
    ClosePrompt,
    Effect,
    JoinPrompt,
    OpenPrompt,
    ReportDispute,
    ReportPhase,
    ReportSignal,
)
from bot.core.events import Event, HookLeft, HookTold, HookWaits, Observed, Vanished
from bot.core.hooks import Asked, HookEvent, Told
from bot.core.ids import PaneId, PaneKey, PromptId, ServerKey, SessionName
from bot.core.lifecycle import Phase
from bot.core.prompts import Choice, Kind, Prompt, Role, fingerprint
from bot.core.sessions import Origin, Session
from bot.core.signals import Signal, SignalKind

NOON = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)

EventAt = Callable[[datetime], Event]


@dataclass(frozen=True, slots=True)
class Expected:
    words: str
    fits: Callable[[Effect], bool]


class Playbook:
    def __init__(self, session: Session) -> None:
        self.session = session
        self.at = NOON
        self.opened: list[OpenPrompt] = []
        self._owed: list[Effect] = []

    def __lshift__(self, event: EventAt) -> Playbook:
        self._nothing_owed()
        self.at += timedelta(seconds=1)
        self.session, effects = decide(self.session, event(self.at))
        self._owed = list(effects)
        for effect in effects:
            if isinstance(effect, OpenPrompt):
                self.opened.append(effect)
                row = PromptId(f"prompt-{len(self.opened)}")
                self.session = replace(self.session, prompt=row)
        return self

    def __rshift__(self, expected: Expected) -> Playbook:
        assert self._owed, f"{expected.words}: nothing follows"
        effect = self._owed.pop(0)
        assert expected.fits(effect), f"{expected.words} was expected, not {effect}"
        return self

    def done(self) -> Session:
        self._nothing_owed()
        return self.session

    def _nothing_owed(self) -> None:
        assert not self._owed, f"nobody expected {self._owed}"


def session(phase: Phase = Phase.WORKING, **more: object) -> Session:
    made = Session(
        name=SessionName("api"),
        pane=PaneKey(ServerKey(100, 1_700_000_000), PaneId("%5"), 200),
        tmux_session="api",
        directory="/home/me/api",
        origin=Origin.FOUND,
        started_at=NOON,
        last_activity=NOON,
        state_since=NOON,
        agent="claude",
        phase=phase,
    )
    return replace(made, **more)  # type: ignore[arg-type]


YES = Choice(1, "Yes", Role.ALLOW_ONCE, selected=True)
ALWAYS = Choice(2, "Yes, and don't ask again for: npm run *", Role.ALLOW_ALWAYS)
NO = Choice(3, "No", Role.DENY)


def prompt(subject: str, *choices: Choice, kind: Kind = Kind.APPROVAL, **more: object) -> Prompt:
    made = Prompt(
        kind=kind,
        agent="claude",
        tool="Bash",
        subject=subject,
        question="Do you want to proceed?",
        choices=choices or (YES, ALWAYS, NO),
        cancel_denies=True,
        takes_reason=True,
    )
    return replace(made, **more)  # type: ignore[arg-type]


def sees(
    what: Prompt | State,
    *signals: Signal,
    stood: Sequence[Signal] | None = None,
    asked: Sequence[Asked] = (),
    **more: Any,
) -> EventAt:
    """A settled screen: a dialog, or what the agent is doing, with the signals that are on it.

    ``asked``: hooks that wait meanwhile, the newest first."""
    old = None if stood is None else tuple(stood)
    if isinstance(what, Prompt):
        reading = Reading("claude", State(what.kind.value), what, signals=signals)
        mark = None if what.kind is Kind.MENU else fingerprint(what)
    else:
        reading, mark = Reading("claude", what, signals=signals), None
    return lambda at: Observed(at, reading, mark, old, tuple(asked), **more)


def tells(event: HookEvent, ended: str = "", **more: str) -> EventAt:
    return lambda at: HookTold(at, Told(event, **more), ended, 4711)


def waits(asked: Asked) -> EventAt:
    return lambda at: HookWaits(at, asked)


def leaves(call: str) -> EventAt:
    return lambda at: HookLeft(at, call)


def vanishes(reason: str) -> EventAt:
    return lambda at: Vanished(at, reason)


def says(kind: str, text: str = "") -> Signal:
    return Signal(SignalKind(kind), text)


def opens(subject: str, epoch: int | None = None) -> Expected:
    def fits(effect: Effect) -> bool:
        return (
            isinstance(effect, OpenPrompt)
            and effect.prompt.subject == subject
            and (effect.call or effect.fingerprint == fingerprint(effect.prompt))
            and epoch in (None, effect.epoch)
        )

    return Expected(f"opens {subject!r} in epoch {epoch}", fits)


def joins(number: int, subject: str) -> Expected:
    """The ``number``-th prompt's row learns from the other source, too."""

    def fits(effect: Effect) -> bool:
        return (
            isinstance(effect, JoinPrompt)
            and effect.row == f"prompt-{number}"
            and effect.prompt.subject == subject
        )

    return Expected(f"joins {subject!r}", fits)


def disputes(subject: str) -> Expected:
    def fits(effect: Effect) -> bool:
        return isinstance(effect, ReportDispute) and effect.asked.subject == subject

    return Expected(f"disputes {subject!r}", fits)


def closes(number: int, how: Happening) -> Expected:
    """The ``number``-th prompt that was opened in this conversation."""
    wanted = ClosePrompt(PromptId(f"prompt-{number}"), how)
    return Expected(str(wanted), lambda effect: effect == wanted)


def reports(kind: str, text: str = "") -> Expected:
    wanted = ReportSignal(says(kind, text))
    return Expected(str(wanted), lambda effect: effect == wanted)


def becomes(after: Phase, before: Phase | None = None, reason: str = "") -> Expected:
    def fits(effect: Effect) -> bool:
        return (
            isinstance(effect, ReportPhase)
            and effect.after is after
            and before in (None, effect.before)
            and effect.reason == reason
        )

    return Expected(f"becomes {after}", fits)
