"""What follows from what was seen: events in, a new session and effects out."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from bot.core.agent import State
from bot.core.approvals import Happening
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
from bot.core.hearing import (
    NOTHING,
    Memory,
    baseline,
    forgetful,
    heard,
    key_of,
    printed,
    remembered,
    returned,
    turned,
)
from bot.core.hook_prompts import HOOKED, fits, merged, prompt_of
from bot.core.hooks import Asked, PromptSubmitted, SessionBegan, Told, ToolEnded, TurnEnded
from bot.core.lifecycle import Phase, advance, seen_as
from bot.core.prompts import Prompt, fingerprint
from bot.core.sessions import Session
from bot.core.signals import Signal, find_signals
from bot.core.speech import Passage, beginning
from bot.core.staging import staged
from bot.core.vitals import count_tests, updated
from bot.core.written import completed

MESSAGE = 100_000
"""Columns of a message that no terminal has wrapped."""
TASK = 500
"""Characters of what a person said that are kept to say what a session is about."""
REASON = 200
"""Characters of why a turn broke off."""
_RESTING = frozenset({Phase.STARTING, Phase.IDLE, Phase.SHELL})
_NO_TURNS = frozenset({State.SHELL, State.NONE})


def decide(session: Session, event: Event) -> tuple[Session, tuple[Effect, ...]]:
    after, effects = _decide(session, event)
    crashed = isinstance(event, Vanished) and event.crashed
    return staged(session, after, effects, event.at, crashed=crashed), effects


def _decide(session: Session, event: Event) -> tuple[Session, tuple[Effect, ...]]:
    match event:
        case Observed():
            return _observed(session, event)
        case Vanished():
            return _vanished(session, event)
        case HookTold():
            return _told(session, event)
        case HookWaits():
            return _waits(session, event)
        case HookLeft():
            return _left(session, event)
        case _:
            assert_never(event)


def _observed(session: Session, event: Observed) -> tuple[Session, tuple[Effect, ...]]:
    phase = seen_as(session.phase, event.reading.state)
    if phase is Phase.ENDED:
        return _vanished(session, Vanished(event.at, "its program has ended"))
    session, prompt_effects = _follow_prompt(session, event)
    if session.call and session.fingerprint is None:
        phase = advance(session.phase, Phase.WAITING)
    session, signal_effects = _follow_signals(session, event)
    phase_effects = _follow_phase(session.phase, phase)
    changed = phase is not session.phase
    session = replace(
        session,
        agent=event.reading.agent or session.agent,
        phase=phase,
        state=event.reading.state,
        activity=event.reading.activity,
        vitals=updated(session.vitals, event.vitals),
        state_since=event.at if changed else session.state_since,
    )
    return session, (*prompt_effects, *signal_effects, *phase_effects)


def _follow_prompt(session: Session, event: Observed) -> tuple[Session, tuple[Effect, ...]]:
    """The epoch rises when a prompt leaves the screen, so the same question asked again is new.

    What somebody types into a dialog's text field changes its row with every letter, and is no
    other prompt."""
    prompt = event.reading.prompt
    is_same_kind = session.state is event.reading.state
    if session.fingerprint and session.prompt and is_same_kind and prompt and prompt.typing:
        return session, ()
    asked = _asked_by(event)
    if event.fingerprint == session.fingerprint and (session.prompt or event.fingerprint is None):
        if asked is not None and not session.call and session.prompt:
            return _join(session, event, asked)
        return session, _complete(session, event)
    if session.hooked_only and asked is not None and asked.call == session.call:
        return _join(session, event, asked)
    effects: list[Effect] = []
    epoch = session.epoch
    if session.fingerprint is not None or session.hooked_only:
        epoch += 1
        if session.prompt:
            effects.append(ClosePrompt(session.prompt, _how_it_went(session, event)))
    if prompt is not None and event.fingerprint is not None:
        effects += _opened(prompt, event, asked, epoch)
    call = asked.call if asked else ""
    session = replace(session, epoch=epoch, fingerprint=event.fingerprint, prompt=None, call=call)
    return session, tuple(effects)


def _how_it_went(session: Session, event: Observed) -> Happening:
    """A program of the shell's that asks may end with its answer; an agent goes on."""
    if event.fingerprint:
        return Happening.REPLACED
    is_over = event.reading.state is State.SHELL and session.agent not in ("", "generic")
    return Happening.AGENT_LEFT if is_over else Happening.LEFT_SCREEN


def _asked_by(event: Observed) -> Asked | None:
    """The call of a hook that the dialog on the screen belongs to."""
    prompt = event.reading.prompt
    if prompt is None or event.fingerprint is None:
        return None
    return next((asked for asked in event.asked if fits(prompt, asked)), None)


def _join(session: Session, event: Observed, asked: Asked) -> tuple[Session, tuple[Effect, ...]]:
    shown, row = event.reading.prompt, session.prompt
    if shown is None or row is None:
        return session, ()
    prompt = merged(shown, asked)
    mark = fingerprint(prompt, asked.arguments)
    session = replace(session, fingerprint=event.fingerprint, call=asked.call)
    return session, (JoinPrompt(row, prompt, mark, asked.call, shown),)


def _complete(session: Session, event: Observed) -> tuple[Effect, ...]:
    """The dialog is told of already; what was not in sight then may be known now."""
    shown, asked = event.reading.prompt, event.written.asked
    if shown is None or asked is None or session.prompt is None or session.call:
        return ()
    return (JoinPrompt(session.prompt, *completed(shown, asked), "", shown),)


def _opened(prompt: Prompt, event: Observed, asked: Asked | None, epoch: int) -> list[Effect]:
    if asked is not None:
        whole = merged(prompt, asked)
        mark = fingerprint(whole, asked.arguments)
        return [OpenPrompt(whole, mark, epoch, asked.call, prompt)]
    opened: list[Effect] = [OpenPrompt(prompt, fingerprint(prompt), epoch)]
    if event.written.asked is not None:
        opened = [OpenPrompt(*completed(prompt, event.written.asked), epoch, "", prompt)]
    elif event.written.other is not None and not event.asked:
        opened.append(ReportDispute(event.written.other, prompt, epoch, by_record=True))
    if event.asked and prompt.kind in HOOKED:
        opened.append(ReportDispute(event.asked[0], prompt, epoch))
    return opened


def _follow_signals(session: Session, event: Observed) -> tuple[Session, tuple[Effect, ...]]:
    """Each is reported once in a turn; those that are there at the first look never."""
    reading = event.reading
    signals = reading.signals
    memory = session.memory if session.memory != NOTHING else remembered(session.signals)
    if event.stood is not None:
        memory = baseline(memory, event.stood)
    if reading.covered or reading.state is State.MENU:
        return replace(session, memory=memory), ()
    session = replace(session, anchor=event.anchor or session.anchor)
    memory, news = _news(replace(session, memory=memory), event)
    if event.visible is not None and reading.state is State.SHELL:
        memory = forgetful(memory, event.visible)
    if memory == session.memory and reading.prompt is not None:
        return session, ()
    visible = tuple(map(key_of, signals))
    return replace(session, signals=visible, memory=memory), tuple(map(ReportSignal, news))


def _news(session: Session, event: Observed) -> tuple[Memory, tuple[Signal, ...]]:
    memory, reading = session.memory, event.reading
    signals, tag = reading.signals, session.tag
    if event.fresh is not None and reading.state in _NO_TURNS:
        return printed(memory, event.fresh, signals, tag)
    if event.unsure or _is_shown_anew(session, reading.state):
        memory = returned(memory, signals)
    elif reading.state is State.WORKING and session.phase in _RESTING:
        memory = turned(memory, signals)
    if reading.state is State.SHELL:
        memory = forgetful(memory, signals)
    return heard(memory, signals, tag)


def _is_shown_anew(session: Session, state: State) -> bool:
    """An agent that has just come up may show what it said in an earlier life."""
    return state is State.IDLE and session.phase in (Phase.STARTING, Phase.SHELL)


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
        call="",
        epoch=session.epoch + 1,
        state_since=event.at,
    )
    return ended, tuple(effects)


# What hooks tell


def _told(session: Session, event: HookTold) -> tuple[Session, tuple[Effect, ...]]:
    session = _bound(session, event)
    session, news = _hear_hook(session, event.told)
    if not event.ended or event.ended != session.call or not session.prompt:
        return session, news
    closed = ClosePrompt(session.prompt, Happening.LEFT_SCREEN)
    return _without_prompt(session), (closed, *news)


def _hear_hook(session: Session, told: Told) -> tuple[Session, tuple[Effect, ...]]:
    """The pane shows the same words, sooner or later: they are told once."""
    if told.subagent:
        return session, ()
    match told.event:
        case PromptSubmitted(text, True):
            asked = beginning(text)
            memory = replace(session.memory, asked=asked)
            return replace(_failing(session, ""), memory=memory, task=text[:TASK]), ()
        case ToolEnded(output=output):
            tests = count_tests(output.splitlines()) or session.vitals.tests
            return replace(session, vitals=replace(session.vitals, tests=tests)), ()
        case SessionBegan(model=model):
            vitals = replace(session.vitals, model=model or session.vitals.model)
            return _failing(replace(session, vitals=vitals), ""), ()
        case TurnEnded(text, error):
            session = _failing(session, error[:REASON])
            said = Passage(tuple(text.splitlines()), MESSAGE, session.memory.asked)
            memory, news = heard(session.memory, find_signals([said]), session.tag)
            return replace(session, memory=memory), tuple(map(ReportSignal, news))
        case _:
            return session, ()


def _failing(session: Session, why: str) -> Session:
    return replace(session, vitals=replace(session.vitals, failed=why))


def _bound(session: Session, event: HookTold) -> Session:
    """The pane and its process say whose it is; which conversation that is may change."""
    told = event.told
    if told.subagent:
        return session
    return replace(
        session,
        conversation=told.conversation or session.conversation,
        transcript=told.transcript or session.transcript,
        agent_pid=event.agent_pid or session.agent_pid,
    )


def _waits(session: Session, event: HookWaits) -> tuple[Session, tuple[Effect, ...]]:
    other = event.shown
    if session.prompt and not session.call and other is not None and other.kind in HOOKED:
        # Of several that ask at once each has a hook: a dialog without one is what differs.
        return session, (ReportDispute(event.asked, other, session.epoch),)
    if session.prompt or session.fingerprint or session.phase is Phase.ENDED:
        return session, ()
    asked = event.asked
    prompt = prompt_of(asked, session.agent)
    mark = fingerprint(prompt, asked.arguments)
    effects = (
        OpenPrompt(prompt, mark, session.epoch, asked.call),
        *_follow_phase(session.phase, Phase.WAITING),
    )
    since = session.state_since if session.phase is Phase.WAITING else event.at
    return replace(session, call=asked.call, phase=Phase.WAITING, state_since=since), effects


def _left(session: Session, event: HookLeft) -> tuple[Session, tuple[Effect, ...]]:
    """The dialog itself may stand all the same: that is for the screen to say."""
    if event.call != session.call:
        return session, ()
    if not session.hooked_only or session.prompt is None:
        return replace(session, call=""), ()
    return _without_prompt(session), (ClosePrompt(session.prompt, Happening.WITHDRAWN),)


def _without_prompt(session: Session) -> Session:
    return replace(session, fingerprint=None, prompt=None, call="", epoch=session.epoch + 1)
