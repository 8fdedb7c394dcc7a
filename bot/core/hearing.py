"""Which of the signals on a screen are news, by what has been told before.

A screen shows the same signal again and again: redrawn, scrolled back, resized, after a restart.
The same words may also be said again, for the next task. What tells the two apart is the turn: the
person's words that a signal stands under, and whether the agent has set to work anew since.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.core.signals import Signal

KEPT = 60
"""Signals of earlier turns that are remembered."""

_DRAWN = re.compile(r"[\s*_`~\\]+")


@dataclass(frozen=True, slots=True)
class Heard:
    key: str
    """``KIND:text`` without blanks and marks."""
    asked: str = ""
    """The beginning of the person's words that it was an answer to; empty when not in sight."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What has been told of a session's signals, or stood there before anybody looked."""

    turn: tuple[Heard, ...] = ()
    """In this turn: in it they are not told again, whatever the screen does."""
    before: tuple[Heard, ...] = ()
    """In earlier turns, oldest first."""
    gone: tuple[Heard, ...] = ()
    """Of a shell: what has left its screen, and may only come back by itself."""
    asked: str = ""
    """What a person said last, as a hook told it."""
    tagged: bool = False
    """The agent has used its tag, so that it knows it: a signal without one is none of its own."""


NOTHING = Memory()


def key_of(signal: Signal) -> str:
    return f"{signal.kind}:{signal.text}"


def plain_key(signal: Signal) -> str:
    return _plain(key_of(signal))


def _plain(key: str) -> str:
    """Without what differs between a message and the screen that shows it: blanks where lines
    were wrapped, marks of emphasis and code."""
    return _DRAWN.sub("", key)


def remembered(keys: Iterable[str]) -> Memory:
    """Of sessions from before there was a memory: what stood on their screens."""
    return Memory(turn=tuple(Heard(_plain(key)) for key in keys))


def baseline(memory: Memory, signals: Iterable[Signal]) -> Memory:
    """They stand there already, and are not told."""
    shown: list[Signal] = []
    for signal in signals:
        shown.append(signal)
        if signal.earlier:
            is_new = _missing(memory, signal, shown)
        else:
            is_new = not any(_is(entry, signal) for entry in memory.turn)
        if is_new:
            memory = _noted(memory, signal)
    return memory


def turned(memory: Memory, signals: Sequence[Signal]) -> Memory:
    """The agent sets to work: what is not in sight any more belongs to the turn before.

    What still stands there without later words of a person below it may be this turn's: a screen
    can look idle for a moment while an answer is being written."""
    stays = [e for e in memory.turn if any(not s.earlier and _is(e, s) for s in signals)]
    return _closed(memory, [entry for entry in memory.turn if entry not in stays])


def forgetful(memory: Memory, signals: Sequence[Signal]) -> Memory:
    """For a shell, which has no turns: what has gone from the screen may be printed again."""

    def in_sight(entry: Heard, *, earlier: bool) -> bool:
        return any(_is(entry, s) for s in signals if s.earlier or not earlier)

    lost = [e for e in memory.turn if not in_sight(e, earlier=False)]
    lost += [e for e in memory.before if not in_sight(e, earlier=True)]
    return replace(
        memory,
        turn=tuple(e for e in memory.turn if in_sight(e, earlier=False)),
        before=tuple(e for e in memory.before if in_sight(e, earlier=True)),
        gone=(*memory.gone, *lost)[-KEPT:],
    )


def returned(memory: Memory, signals: Sequence[Signal]) -> Memory:
    """When an agent shows an older conversation, or some lines may have been read before: what was
    told once and stands there now was not said again."""
    for signal in signals:
        known = (*memory.before, *memory.turn) if signal.earlier else memory.turn
        old = (*memory.before, *memory.gone)
        if any(_is(e, signal) for e in old) and not any(_is(e, signal) for e in known):
            memory = _noted(memory, signal)
    return memory


def heard(
    memory: Memory, signals: Sequence[Signal], tag: str = ""
) -> tuple[Memory, tuple[Signal, ...]]:
    """The news among the signals in sight, oldest first."""
    own = [signal for signal in signals if _is_own(memory, signal, tag)]
    own.sort(key=lambda signal: not signal.earlier)
    if tag and any(signal.tag == tag for signal in own):
        memory = replace(memory, tagged=True)
    memory = _overtaken(memory, own)
    news: list[Signal] = []
    for at, signal in enumerate(own):
        known = (*memory.before, *memory.turn) if signal.earlier else memory.turn
        is_news = not any(_is(entry, signal) for entry in known)
        if is_news:
            news.append(signal)
        if is_news or (signal.earlier and _missing(memory, signal, own[: at + 1])):
            memory = _noted(memory, signal)
    return memory, tuple(news)


def printed(
    memory: Memory, fresh: Sequence[Signal], shown: Sequence[Signal], tag: str = ""
) -> tuple[Memory, tuple[Signal, ...]]:
    """For a shell, where it is known which of the signals ``shown`` came after those that were
    told: each of these is news."""
    memory = forgetful(memory, ())
    news = tuple(signal for signal in fresh if _is_own(memory, signal, tag))
    return baseline(memory, shown), news


def _missing(memory: Memory, signal: Signal, shown: Sequence[Signal]) -> bool:
    """Whether it is shown more often, among earlier turns, than is remembered of them."""
    count = sum(_is(entry, signal) for entry in memory.before)
    return count < sum(one.earlier and _same(one, signal) for one in shown)


def _is_own(memory: Memory, signal: Signal, tag: str) -> bool:
    if not tag or signal.tag == tag:
        return True
    return not signal.tag and not memory.tagged


def _overtaken(memory: Memory, signals: Sequence[Signal]) -> Memory:
    """A person has spoken below a signal of this turn: it is one of the turn before, and the same
    may be said again."""
    for signal in signals:
        if not signal.earlier:
            continue
        entry = next((e for e in memory.turn if _is(e, signal)), None)
        if entry is not None and _missing(memory, signal, signals):
            memory = _closed(memory, [entry])
    return memory


def _closed(memory: Memory, entries: Sequence[Heard]) -> Memory:
    turn = tuple(entry for entry in memory.turn if entry not in entries)
    return replace(memory, turn=turn, before=(*memory.before, *entries)[-KEPT:])


def _noted(memory: Memory, signal: Signal) -> Memory:
    entry = Heard(plain_key(signal), signal.asked)
    if signal.earlier:
        return replace(memory, before=(*memory.before, entry)[-KEPT:])
    return replace(memory, turn=(*memory.turn, entry)[-KEPT:])


def _same(one: Signal, other: Signal) -> bool:
    return key_of(one) == key_of(other) and _compatible(one.asked, other.asked)


def _is(entry: Heard, signal: Signal) -> bool:
    return entry.key == plain_key(signal) and _compatible(entry.asked, signal.asked)


def _compatible(one: str, other: str) -> bool:
    """The same words, as far as both are in sight: either may be cut, or scrolled away."""
    return one.startswith(other) or other.startswith(one)
