"""The sessions as a table that fits a phone."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import PurePath

from bot.core.lifecycle import Phase
from bot.core.notices import Button, Notice, NoticeKind, Part, PartStyle
from bot.core.sessions import Session
from bot.services.roster import Roster

COLUMNS = 40
"""What a phone shows of a table without wrapping it."""

BUTTONS = 6
"""One for each session, those that wait first; more of them push the table off the screen."""

_SIGNS = {
    Phase.STARTING: "◌",
    Phase.IDLE: "○",
    Phase.WORKING: "●",
    Phase.WAITING: "🔒",
    Phase.SHELL: "$",
    Phase.ENDED: "⏹",
}

_ORDER = [Phase.WAITING, Phase.WORKING, Phase.STARTING, Phase.IDLE, Phase.SHELL, Phase.ENDED]


def in_order(sessions: Sequence[Session]) -> tuple[Session, ...]:
    """Waiting ones first, then those that work, each by name."""
    return tuple(sorted(sessions, key=lambda s: (_ORDER.index(s.phase), s.name.lower())))


def age(since: datetime, now: datetime) -> str:
    """``12 s``, ``4 min``, ``3 h``, ``2 d``."""
    seconds = max(0, int((now - since).total_seconds()))
    for limit, size, unit in ((60, 1, "s"), (3600, 60, "min"), (86400, 3600, "h")):
        if seconds < limit:
            return f"{seconds // size} {unit}"
    return f"{seconds // 86400} d"


def board(
    roster: Roster,
    person: str,
    now: datetime,
    standing: Sequence[str] = (),
    *,
    anew: bool = False,
) -> Notice:
    """All watched sessions, for one person, to be kept up to date; the last part says of when.

    Who was given a number keeps it, so that ``stop 2`` means what it meant when it was read: a
    session that came later is at the end. Only ``anew`` are they put in order. ``standing``: how
    the channels are, a line each."""
    watched = {session.name: session for session in in_order(_watched(roster))}
    known = () if anew else roster.numbers(person)
    names = (*known, *(name for name in watched if name not in known))
    roster.number(person, names)
    numbered = {n: watched[name] for n, name in enumerate(names, 1) if name in watched}
    notice = overview(numbered, now)
    time = Part(f"as of {now.astimezone():%H:%M}")
    more = (Part("\n".join(standing)),) if standing else ()
    return replace(notice, parts=(*notice.parts, *more, time), live=True)


def _watched(roster: Roster) -> list[Session]:
    return [session for session in roster.all() if session.watched]


def overview(numbered: Mapping[int, Session], now: datetime) -> Notice:
    """One line each: number, name, directory if it is called otherwise, state, age; then the
    totals."""
    sessions = tuple(numbered.values())
    if not sessions:
        hint = "Start one: start NAME in DIR: task. An agent that runs in tmux is found by itself."
        return Notice(NoticeKind.REPLY, "No sessions yet", (Part(hint),))
    lines = [_line(number, session, now) for number, session in numbered.items()]
    first = in_order([session for session in sessions if session.phase is not Phase.ENDED])
    buttons = tuple(
        Button(f"{_SIGNS[s.phase]} {s.name}", f"status {s.name}") for s in first[:BUTTONS]
    )
    return Notice(
        NoticeKind.REPLY,
        f"{len(sessions)} session{'s' if len(sessions) != 1 else ''}",
        (Part("\n".join(lines), PartStyle.TABLE), Part(_totals(sessions))),
        buttons,
    )


def _line(number: int, session: Session, now: datetime) -> str:
    """On one line where a phone has room for it, else on two."""
    head = f"{number}. {_SIGNS[session.phase]} {session.name}"
    directory = PurePath(session.directory).name or "/"
    where = "" if directory == session.name else f"{directory} · "
    tail = f"{where}{session.phase.value} {age(session.state_since, now)}{_extra(session)}"
    line = f"{head} · {tail}"
    return line if _columns(line) <= COLUMNS else f"{head}\n   {tail}"


def _extra(session: Session) -> str:
    """What is most worth knowing beside its state."""
    vitals = session.vitals
    if vitals.stopped or vitals.trouble or session.concern:
        return " · ⚠️"
    if session.phase is not Phase.WORKING:
        return ""
    return f" · {session.progress} %" if session.progress else f" · {vitals.tests}".rstrip(" ·")


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _totals(sessions: Sequence[Session]) -> str:
    counts = Counter(session.phase for session in sessions)
    return " · ".join(f"{counts[phase]} {phase.value}" for phase in _ORDER if counts[phase])
