"""What was told of a session lately, or of all: to whom, or why not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.core.attention.explaining import Sight, clock, outcome, ruled, where
from bot.core.attention.pages import Action
from bot.core.notices import NoticeKind
from bot.core.records import HeldRecord, OutboxRecord, RulingRecord

MOST = 8
"""Of a session, newest first: a phone shows no more of them at a glance."""
EVENTS = 6
"""Of one matter, the last ones: progress may have been changed often."""
_A_MOMENT = timedelta(minutes=1)
_UNASKED = frozenset(NoticeKind) - {NoticeKind.REPLY, NoticeKind.CLOSED}
_SILENCING = frozenset({"presence", "cooldown"})
"""Rules that let something through without a sound."""
_TITLE = 100


@dataclass(slots=True)
class Matter:
    """One thing to tell, and what became of it at each recipient."""

    at: datetime
    title: str
    session: str = ""
    code: str = ""
    events: list[tuple[datetime, str]] = field(default_factory=list)
    smooth: bool = True
    """It was just sent."""

    def saw(self, at: datetime, title: str, said: str) -> None:
        self.events.append((at, said))
        self.at = min(self.at, at)
        if title:
            self.title = title


def matters(sight: Sight) -> list[Matter]:
    """Oldest first."""
    found: dict[str, Matter] = {}

    def of(row: OutboxRecord | HeldRecord | RulingRecord, at: datetime) -> Matter:
        return found.setdefault(_group(row), Matter(at, ""))

    silenced = {_copy(ruling): ruling.reason for ruling in sight.rulings if _silences(ruling)}
    sent = [row for row in sight.sent if row.notice.kind in _UNASKED]
    for row in sent:
        matter = of(row, row.created_at)
        why = silenced.get(_copy(row), "") if row.notice.silent else ""
        said = f"{where(row, sight)}: {outcome(row)}" + (f": {why}" if why else "")
        matter.saw(row.created_at, row.notice.title, said)
        matter.session, matter.code = row.notice.session, row.notice.code
    copies = {_copy(row) for row in sent}
    for ruling in sight.rulings:
        if _silences(ruling) and _copy(ruling) in copies:
            continue
        matter = of(ruling, ruling.at)
        matter.saw(ruling.at, "", f"{where(ruling, sight)}: {ruled(ruling, sight)}")
        matter.title = matter.title or ruling.title or ruling.what
        matter.session, matter.code = ruling.session, ruling.code
        matter.smooth = False
    for held in sight.held:
        until = clock(held.until, sight)
        matter = of(held, held.since)
        matter.title = matter.title or held.notice.title
        matter.session, matter.code = held.notice.session, held.notice.code
        matter.smooth = False
        if not any(said.endswith(f"until {until}") for _, said in matter.events):
            why = f"{where(held, sight)}: held now: {held.reason}, until {until}"
            matter.saw(sight.now, "", why)
    return sorted(found.values(), key=lambda matter: matter.at)


def _silences(ruling: RulingRecord) -> bool:
    return ruling.action == Action.SEND.value and ruling.rule in _SILENCING


def _copy(row: OutboxRecord | RulingRecord) -> tuple[str, str]:
    """One notice at one recipient."""
    return row.key, f"{row.channel}:{row.address}"


def _group(row: OutboxRecord | HeldRecord | RulingRecord) -> str:
    """A card and what changes it belong together; so do the copies for several people."""
    topic = row.topic
    if topic.startswith("prompt:") or " " in topic:
        return topic
    return row.key.rpartition(">")[0] or f"{row.key}{topic}"


def told(found: Iterable[Matter], sight: Sight) -> Iterator[str]:
    """One text for each matter, newest first."""
    newest = sorted(found, key=lambda matter: matter.at)[::-1]
    for matter in newest[:MOST]:
        lines = [f"{clock(matter.at, sight, seconds=False)} {_short(matter.title)}"]
        if matter.code:
            lines.append(f"· in full: why {matter.code}")
        else:
            events = sorted(matter.events, key=lambda event: event[0])[-EVENTS:]
            lines += [f"· {_later(at, matter, sight)}{said}" for at, said in events]
        yield "\n".join(dict.fromkeys(lines))


def _later(at: datetime, matter: Matter, sight: Sight) -> str:
    """Nothing within the first minute."""
    is_later = at - matter.at >= _A_MOMENT and at != sight.now
    return f"{clock(at, sight, seconds=False)} " if is_later else ""


def _short(title: str) -> str:
    return title if len(title) <= _TITLE else f"{title[: _TITLE - 1]}…"
