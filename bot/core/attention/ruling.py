"""The rules, first to last: the first that has something to say about a page decides.

Nothing here keeps an approval back for good: each hold has an end, and after it the page is
looked at again. Only what a person muted, snoozed or put into quiet hours waits for long.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.core.attention.hours import ends
from bot.core.attention.pages import (
    FREE,
    Action,
    Moment,
    Page,
    Recipient,
    Ruling,
    Weight,
)

WINDOW = timedelta(minutes=10)
"""What the budgets for approvals are counted over."""
MINUTE = timedelta(minutes=1)
"""What those for all else are counted over: a session that finishes a task every other minute
is no flood, however long it goes on. Where each message costs money it is."""
OTHERS_HERE = 3
"""Times the budget, a minute: with the default 20 what a chat of Telegram's takes."""
PRESENT_AT_MOST = timedelta(minutes=10)
"""So long an approval waits for somebody who types at its pane and does not answer it."""
GATHERING = timedelta(seconds=15)
"""From the first notice above a budget to the digest that tells of it and of those after it."""
APPROVALS_PER_SESSION = 3
"""Times the session's budget: people answer many in ten minutes, a screen that flickers asks
more."""

Rule = Callable[[Page, Recipient, Moment], Ruling | None]


def rule(page: Page, to: Recipient, moment: Moment) -> Ruling:
    for one in _RULES:
        ruling = one(page, to, moment)
        if ruling is not None:
            return ruling
    return FREE


def _shown(page: Page, to: Recipient, moment: Moment) -> Ruling | None:
    if to.rings:
        return None
    present = page.weight is Weight.APPROVAL and _present_until(page, moment) is not None
    return Ruling(
        Action.SEND,
        "shown",
        "this phone always shows everything",
        silent=present or moment.standing.muted(page.session, moment.now) is not None,
    )


def _card_first(page: Page, to: Recipient, moment: Moment) -> Ruling | None:
    if page.reminds and moment.card_held:
        return Ruling(Action.DROP, "card", "the card itself is still held there")
    is_fresh = moment.card_at and moment.now - moment.card_at < moment.rules.remind / 2
    if page.reminds and is_fresh:
        return Ruling(Action.DROP, "card", "the card itself has just come")
    return None


def _ladder(page: Page, to: Recipient, moment: Moment) -> Ruling | None:
    after = moment.rules.escalate_after
    if not after or to.rung == 0 or page.weight is Weight.FAILURE:
        return None
    if page.weight is not Weight.APPROVAL:
        return Ruling(Action.DROP, "ladder", "only what waits for an answer is passed on here")
    at = page.since + to.rung * after
    if at <= moment.now:
        return None
    minutes = int((to.rung * after).total_seconds() // 60)
    return Ruling(Action.HOLD, "ladder", f"told here after {minutes} min without an answer", at)


def _snoozed(page: Page, to: Recipient, moment: Moment) -> Ruling | None:
    pause = moment.standing.snoozed(page.code, moment.now)
    if pause is None:
        return None
    return Ruling(Action.HOLD, "snooze", f"snoozed by {pause.by}", pause.until)


def _muted(page: Page, to: Recipient, moment: Moment) -> Ruling | None:
    pause = moment.standing.muted(page.session, moment.now)
    if pause is None:
        return None
    reason = f"session '{page.session}' was muted by {pause.by}"
    if page.weight is Weight.CHATTER:
        return Ruling(Action.DROP, "mute", reason)
    return Ruling(Action.HOLD, "mute", reason, pause.until)


def _quiet(page: Page, to: Recipient, moment: Moment) -> Ruling | None:
    until = quiet_until(to, moment)
    if until is None:
        return None
    if page.weight is Weight.FAILURE and moment.rules.quiet_errors:
        return None
    reason = f"quiet hours ({_hours(to, moment)})"
    if page.weight is Weight.CHATTER:
        return Ruling(Action.DROP, "quiet", reason)
    if page.weight is Weight.APPROVAL and not page.reminds and moment.rules.quiet_approvals:
        rings = page.since + moment.rules.quiet_approvals_after
        if rings <= moment.now:
            return None
        until = min(until, rings)
    return Ruling(Action.HOLD, "quiet", reason, until)


def quiet_until(to: Recipient, moment: Moment) -> datetime | None:
    """Only where everybody who reads there has quiet hours now."""
    found = []
    for person in to.people or ("",):
        hours = moment.standing.hours(person, moment.rules)
        end = ends(moment.now, hours, moment.rules.zone) if hours else None
        if end is None:
            return None
        found.append(end)
    return min(found)


def _hours(to: Recipient, moment: Moment) -> str:
    person = to.people[0] if to.people else ""
    return str(moment.standing.hours(person, moment.rules))


def _present(page: Page, to: Recipient, moment: Moment) -> Ruling | None:
    until = _present_until(page, moment)
    if until is None:
        return None
    reason = "somebody is typing at that pane"
    if page.weight is Weight.CHATTER or page.reminds:
        return Ruling(Action.DROP, "presence", reason)
    if page.weight is Weight.DONE:
        return Ruling(Action.SEND, "presence", reason, silent=True)
    return Ruling(Action.HOLD, "presence", reason, until)


def _present_until(page: Page, moment: Moment) -> datetime | None:
    if moment.typed_at is None or not moment.rules.presence:
        return None
    until = min(moment.typed_at + moment.rules.presence, page.since + PRESENT_AT_MOST)
    return until if until > moment.now else None


def _dwelling(page: Page, to: Recipient, moment: Moment) -> Ruling | None:
    until = page.since + moment.rules.dwell
    if page.weight is not Weight.APPROVAL or until <= moment.now:
        return None
    return Ruling(Action.HOLD, "dwell", "it may be answered at the machine first", until)


def _chatter(page: Page, to: Recipient, moment: Moment) -> Ruling | None:
    until = page.since + moment.rules.chatter_every
    if page.weight is not Weight.CHATTER or not to.costs or until <= moment.now:
        return None
    return Ruling(Action.HOLD, "chatter", "progress goes together: messages cost here", until)


def _budget(page: Page, to: Recipient, moment: Moment) -> Ruling | None:
    """Approvals and all else are counted apart, so that chatter never uses up the approvals'."""
    if page.weight is Weight.CHATTER:
        return None
    asks = page.weight is Weight.APPROVAL
    is_dear = asks or to.costs
    span, here = (WINDOW, 1) if is_dear else (MINUTE, OTHERS_HERE)
    times = APPROVALS_PER_SESSION if asks else 1
    since = moment.now - span
    alike = [t for t in moment.recent if t.at > since and (t.weight is Weight.APPROVAL) is asks]
    of_session = sum(told.session == page.session for told in alike)
    most = moment.rules.session_budget * times
    if len(alike) < moment.rules.budget * here and of_session < most:
        return None
    until = moment.now + GATHERING
    if moment.digest_at is not None:
        until = max(until, moment.digest_at + moment.rules.digest_every)
    what = f"session '{page.session}'" if of_session >= most else "here"
    count = of_session if of_session >= most else len(alike)
    minutes = int(span.total_seconds() // 60)
    return Ruling(Action.FOLD, "budget", f"{count} messages for {what} in {minutes} min", until)


def _cooldown(page: Page, to: Recipient, moment: Moment) -> Ruling | None:
    if page.weight in (Weight.APPROVAL, Weight.FAILURE):
        return None
    since = moment.now - moment.rules.cooldown
    if not any(told.at > since and told.session == page.session for told in moment.recent):
        return None
    return Ruling(Action.SEND, "cooldown", "this session rang a moment ago", silent=True)


_RULES: tuple[Rule, ...] = (
    _shown,
    _card_first,
    _ladder,
    _snoozed,
    _muted,
    _quiet,
    _present,
    _dwelling,
    _chatter,
    _budget,
    _cooldown,
)
