"""What follows from what was seen: events in, a new session and effects out."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import assert_never

from bot.core.approvals import Happening
from bot.core.effects import ClosePrompt, Effect, OpenPrompt, ReportPhase, ReportSignal
from bot.core.events import Event, Observed, Vanished
from bot.core.lifecycle import Phase, seen_as
from bot.core.sessions import Session
from bot.core.signals import Signal


def decide(session: Session, event: Event) -> tuple[Session, tuple[Effect, ...]]:
    match event:
        case Observed():
            return _observed(session, event)
        case Vanished():
            return _vanished(session, event)
        case _:
            assert_never(event)


def _observed(session: Session, event: Observed) -> tuple[Session, tuple[Effect, ...]]:
    phase = seen_as(session.phase, event.reading.state)
    if phase is Phase.ENDED:
        return _vanished(session, Vanished(event.at, "its program has ended"))
    session, prompt_effects = _follow_prompt(session, event)
    session, signal_effects = _follow_signals(session, event)
    phase_effects = _follow_phase(session.phase, phase)
    changed = phase is not session.phase
    session = replace(
        session,
        agent=event.reading.agent or session.agent,
        phase=phase,
        state=event.reading.state,
        activity=event.reading.activity,
        state_since=event.at if changed else session.state_since,
    )
    return session, (*prompt_effects, *signal_effects, *phase_effects)


def _follow_prompt(session: Session, event: Observed) -> tuple[Session, tuple[Effect, ...]]:
    """The epoch rises when a prompt leaves the screen, so the same question asked again is new.

    What somebody types into a dialog's text field changes its row with every letter, and is no
    other prompt."""
    prompt = event.reading.prompt
    is_same_kind = session.state is event.reading.state
    if session.prompt and is_same_kind and prompt is not None and prompt.typing:
        return session, ()
    if event.fingerprint == session.fingerprint and (session.prompt or event.fingerprint is None):
        return session, ()
    effects: list[Effect] = []
    epoch = session.epoch
    if session.fingerprint is not None:
        epoch += 1
        if session.prompt:
            left = Happening.REPLACED if event.fingerprint else Happening.LEFT_SCREEN
            effects.append(ClosePrompt(session.prompt, left))
    if prompt is not None and event.fingerprint is not None:
        effects.append(OpenPrompt(prompt, event.fingerprint, epoch))
    session = replace(session, epoch=epoch, fingerprint=event.fingerprint, prompt=None)
    return session, tuple(effects)


def _follow_signals(session: Session, event: Observed) -> tuple[Session, tuple[Effect, ...]]:
    """A signal is reported when it first stands on the screen, and again when it stands there
    once more: ``DONE`` of the next task reads like the one before.

    While a dialog or menu covers the screen nothing can be said of older lines, so what was
    reported before is remembered."""
    seen = tuple(_key(signal) for signal in event.reading.signals)
    if event.first:
        return replace(session, signals=seen), ()
    if event.reading.prompt is not None:
        return session, ()
    known = Counter(session.signals)
    fresh: list[Effect] = []
    for signal in event.reading.signals:
        if known[_key(signal)]:
            known[_key(signal)] -= 1
        else:
            fresh.append(ReportSignal(signal))
    return replace(session, signals=seen), tuple(fresh)


def _key(signal: Signal) -> str:
    return f"{signal.kind}:{signal.text}"


def _follow_phase(before: Phase, after: Phase) -> tuple[Effect, ...]:
    return () if before is after else (ReportPhase(before, after),)


def _vanished(session: Session, event: Vanished) -> tuple[Session, tuple[Effect, ...]]:
    if session.phase is Phase.ENDED:
        return session, ()
    effects: list[Effect] = []
    if session.prompt:
        effects.append(ClosePrompt(session.prompt, Happening.PANE_GONE))
    effects.append(ReportPhase(session.phase, Phase.ENDED, event.reason))
    ended = replace(
        session,
        phase=Phase.ENDED,
        fingerprint=None,
        prompt=None,
        epoch=session.epoch + 1,
        state_since=event.at,
    )
    return ended, tuple(effects)
