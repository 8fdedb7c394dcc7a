"""Words that come late: what they were about may be over, and something else be asked.

A provider keeps what people write while the gateway is down. Only some tell when it was written,
and by their own clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.core.errors import Refused
from bot.core.records import PromptRecord

VALID_FOR = timedelta(minutes=30)
"""What changes something and is older is done no more, as with texts that wait for an agent."""
CLOCKS = timedelta(minutes=2)
"""Ours and a provider's may differ by so much, and a code is given again only a day later."""
WHOLE_SECOND = timedelta(seconds=1)
"""Providers cut off what is less."""


def refuse_old(sent_at: datetime | None, now: datetime) -> None:
    """Raises Refused."""
    if sent_at is not None and now - sent_at > VALID_FOR:
        raise Refused(
            f"you wrote that {_ago(now - sent_at)} ago, while I was away, so nothing was done: "
            "send it again if it still holds; pending shows what waits"
        )


def refuse_reused(sent_at: datetime | None, record: PromptRecord) -> None:
    """Raises Refused when that code stood for another prompt, or for none, at that time."""
    if sent_at is not None and sent_at + CLOCKS < record.opened_at:
        raise Refused(
            f"you wrote that before {record.code} was asked, so nothing was pressed: "
            f"look at {record.code} in session '{record.session}' first"
        )


def could_know(sent_at: datetime | None, shown_at: datetime) -> bool:
    """Whether somebody who wrote at that time may have seen what was shown then."""
    return sent_at is None or sent_at + WHOLE_SECOND >= shown_at


def _ago(passed: timedelta) -> str:
    minutes = int(passed.total_seconds()) // 60
    if minutes < 120:
        return f"{minutes} minutes"
    return f"{minutes // 60} hours" if minutes < 2880 else f"{minutes // 1440} days"
