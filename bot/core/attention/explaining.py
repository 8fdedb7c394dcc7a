"""Why somebody was or was not told, in lines for a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from bot.core.approvals import PromptState
from bot.core.attention.hours import Window
from bot.core.attention.pages import Action
from bot.core.attention.rules import Rules, Standing
from bot.core.cards import outcome_line
from bot.core.notices import NoticeKind
from bot.core.records import (
    HeldRecord,
    OutboxRecord,
    OutboxState,
    PromptRecord,
    RulingRecord,
)
from bot.core.sessions import Session
from bot.core.titles import BY_ID, Titles

_WHAT = {
    NoticeKind.PROMPT.value: "card",
    NoticeKind.REMINDER.value: "reminder",
    NoticeKind.CLOSED.value: "closing",
}
_DID = {
    Action.SEND.value: "sent",
    Action.HOLD.value: "held",
    Action.FOLD.value: "for the next list",
    Action.DROP.value: "not sent",
}
_STATES = {
    OutboxState.QUEUED: "on its way",
    OutboxState.SENDING: "on its way",
    OutboxState.SENT: "sent",
    OutboxState.DROPPED: "not needed any more",
    OutboxState.DEAD: "not taken",
}


@dataclass(frozen=True, slots=True)
class Sight:
    """All that is known of one prompt's messages."""

    now: datetime
    zone: tzinfo | None
    rulings: Sequence[RulingRecord] = ()
    sent: Sequence[OutboxRecord] = ()
    held: Sequence[HeldRecord] = ()
    titles: Titles = BY_ID

    @property
    def places(self) -> frozenset[tuple[str, str]]:
        rows: list[RulingRecord | OutboxRecord | HeldRecord] = [*self.rulings, *self.sent]
        return frozenset((row.channel, row.address) for row in [*rows, *self.held])


def explain(record: PromptRecord, sight: Sight) -> Iterator[str]:
    yield _head(record, sight)
    events = [(r.at, _ruled(r, sight)) for r in sight.rulings]
    events += [(row.created_at, _queued(row, sight)) for row in sight.sent]
    for at, said in sorted(events, key=lambda event: event[0]):
        yield f"{clock(at, sight)}  {said}"
    if not events:
        yield "Nobody was told by a message."
    if record.state is not PromptState.OPEN:
        return
    for held in sight.held:
        until = clock(held.until, sight)
        yield f"Now held for {where(held, sight)}: {held.reason}, until {until}"
    if not sight.held:
        yield "Nothing holds it now."
    if record.remind_at is not None:
        after = span_words(max(timedelta(), record.remind_at - sight.now))
        yield f"Next reminder: {clock(record.remind_at, sight)}, in {after}"


def _head(record: PromptRecord, sight: Sight) -> str:
    if record.state is not PromptState.OPEN:
        return f"{record.code}: {outcome_line(record)}"
    waited = span_words(sight.now - record.opened_at)
    since = clock(record.opened_at, sight)
    return f"{record.code}: session '{record.session}' waits since {since} ({waited})"


def _ruled(ruling: RulingRecord, sight: Sight) -> str:
    what = _WHAT.get(ruling.what, ruling.what)
    return f"{where(ruling, sight)}: {what} {ruled(ruling, sight)}"


def ruled(ruling: RulingRecord, sight: Sight) -> str:
    """``held: quiet hours, until 07:00:00``."""
    until = f", until {clock(ruling.until, sight)}" if ruling.until else ""
    return f"{_DID[ruling.action]}: {ruling.reason}{until}"


def _queued(row: OutboxRecord, sight: Sight) -> str:
    what = _WHAT.get(row.notice.kind.value, row.notice.kind.value)
    return f"{where(row, sight)}: {what} {outcome(row)}"


def outcome(row: OutboxRecord) -> str:
    """``sent silently``, ``not taken: blocked``."""
    silently = " silently" if row.notice.silent and row.state is OutboxState.SENT else ""
    why = f": {row.error}" if row.error else ""
    return f"{_STATES[row.state]}{silently}{why}"


def where(row: RulingRecord | OutboxRecord | HeldRecord, sight: Sight) -> str:
    """The address only where there are several."""
    title = sight.titles.of(row.channel)
    is_one = sum(channel == row.channel for channel, _ in sight.places) == 1
    return title if is_one or row.address in ("", row.channel) else f"{title} {row.address}"


def clock(at: datetime, sight: Sight, *, seconds: bool = True) -> str:
    local, now = at.astimezone(sight.zone), sight.now.astimezone(sight.zone)
    time = f"{local:%H:%M:%S}" if seconds else f"{local:%H:%M}"
    return time if local.date() == now.date() else f"{local:%d %b} {time}"


def span_words(length: timedelta) -> str:
    """``45 s``, ``4 min``, ``2 h 05 min``."""
    seconds = int(length.total_seconds())
    if seconds < 60:
        return f"{seconds} s"
    minutes = seconds // 60
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60:02} min"


def overview(rules: Rules, standing: Standing, remind: timedelta, person: str) -> Iterator[str]:
    """``standing`` without what is over."""
    yield f"Reminders: first after {span_words(remind)}, then ever less often, to every 30 min"
    hours = standing.hours(person, rules)
    yield f"Quiet hours: {_quiet(hours, rules)}"
    for name, pause in sorted(standing.mutes.items()):
        yield f"Muted: {name} until {_until(pause.until, rules)}, by {pause.by}"
    for code, pause in sorted(standing.snoozes.items()):
        yield f"Snoozed: {code} until {_until(pause.until, rules)}, by {pause.by}"
    if rules.presence:
        yield f"No ring while somebody types at that pane, and {span_words(rules.presence)} after"
    if rules.dwell:
        yield f"A prompt rings after {span_words(rules.dwell)}"
    if rules.cooldown:
        yield f"After a message about a session others are silent for {span_words(rules.cooldown)}"
    yield f"More than {rules.budget} unanswered prompts come as a list"
    if rules.escalate_after:
        ladder = " → ".join(rules.escalate_to) or "one channel after the other"
        after = span_words(rules.escalate_after)
        yield f"Without an answer for {after} the next is told: {ladder}"


def now_lines(
    session: Session, rules: Rules, standing: Standing, moment: tuple[datetime, datetime | None]
) -> Iterator[str]:
    """What holds back notices about a session now. ``moment``: now, and when somebody typed at
    its pane last."""
    now, typed_at = moment
    if not session.watched:
        yield f"It is not watched, so nothing of it is told: watch {session.name}"
    pause = standing.muted(session.name, now)
    if pause is not None:
        yield f"Muted until {_until(pause.until, rules)}, by {pause.by}"
    if typed_at is not None and rules.presence and now < typed_at + rules.presence:
        yield "Somebody is typing at its pane"


def _quiet(hours: Window | None, rules: Rules) -> str:
    return "none" if hours is None else f"{hours}; what rings: {what_rings(rules)}"


def what_rings(rules: Rules) -> str:
    """In quiet hours."""
    lets = []
    if rules.quiet_approvals:
        lets.append(f"approvals older than {span_words(rules.quiet_approvals_after)}")
    if rules.quiet_errors:
        lets.append("errors")
    return " and ".join(lets) or "nothing"


def _until(at: datetime, rules: Rules) -> str:
    return f"{at.astimezone(rules.zone):%d %b %H:%M}"
