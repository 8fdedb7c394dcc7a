"""What became of the messages that were sent, and what is wrong when none arrives."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.channels._whatsapp.api import Tell
from bot.channels._whatsapp.faults import (
    AccountRefused,
    NotJoined,
    NotVerified,
    SenderRefused,
    Trouble,
    error_of,
    trouble_of,
)
from bot.channels._whatsapp.window import Windows
from bot.core.errors import WingmanError
from bot.core.fate import Fate
from bot.ports.clock import Clock
from bot.ports.receipts import Receipt

log = structlog.get_logger()

FOLLOWED = timedelta(hours=4)
"""Twilio keeps a message in its queue for so long (Twilio, Messaging, validity period)."""
MOST = 500

_FATES = {
    "queued": Fate.QUEUED,
    "accepted": Fate.QUEUED,
    "scheduled": Fate.QUEUED,
    "sending": Fate.QUEUED,
    "sent": Fate.SENT,
    "delivered": Fate.DELIVERED,
    "read": Fate.READ,
    "undelivered": Fate.FAILED,
    "failed": Fate.FAILED,
    "canceled": Fate.FAILED,
}

_PASSING = frozenset({Trouble.WINDOW, Trouble.BUSY})
"""Sent again it may arrive, or wait where a template tells of it."""


@dataclass
class _Sent:
    address: str
    at: datetime
    is_template: bool = False
    status: str = ""


class Outcomes:
    def __init__(self, windows: Windows, clock: Clock, alarm: Tell) -> None:
        self._windows = windows
        self._clock = clock
        self._alarm = alarm
        self._tell: Receipt | None = None
        self._sent: OrderedDict[str, _Sent] = OrderedDict()

    def on_receipt(self, tell: Receipt) -> None:
        self._tell = tell

    def open_since(self) -> datetime | None:
        """When the oldest message went out whose outcome is not known; None when all are."""
        oldest = self._clock.now() - FOLLOWED
        waiting = [s.at for s in self._sent.values() if s.at > oldest and not _is_final(s.status)]
        return min(waiting, default=None)

    async def sent(self, address: str, sid: str, *, is_template: bool = False) -> None:
        self._sent.setdefault(sid, _Sent(address, self._clock.now(), is_template))
        while len(self._sent) > MOST:
            self._sent.popitem(last=False)
        for key in ("account", "sender"):
            await self._alarm(key, "")

    async def status(self, sid: str, status: str, code: int) -> None:
        """As Twilio posts it, or has it in the list; in any order, and more than once."""
        fate = _FATES.get(status)
        known = self._sent.get(sid)
        if fate is None or (known is not None and known.status == status):
            return
        if fate is Fate.FAILED:
            log.warning("whatsapp.failed", message=sid, status=status, code=code)
            await self._failed(known, code)
            fate = Fate.BOUNCED if trouble_of(code) in _PASSING else fate
        elif fate in (Fate.DELIVERED, Fate.READ) and known is not None:
            for key in ("sandbox", "trial"):
                await self._alarm(f"{key}:{known.address}", "")
        if self._tell is not None:
            await self._tell(sid, fate, str(code) if code else "")
        if known is not None:
            # Last: what could not be kept is told again.
            known.status = status

    async def _failed(self, known: _Sent | None, code: int) -> None:
        address = known.address if known else ""
        trouble = trouble_of(code)
        if known and known.is_template and trouble in (Trouble.WINDOW, Trouble.CONTENT):
            await self.no_template(address, f"the template is not taken (Twilio error {code})")
        elif known and trouble is Trouble.WINDOW:
            await self._windows.shut(address, known.at)
        await self.refused(error_of(code, "a message failed"), address)

    async def no_template(self, address: str, reason: str) -> None:
        text = (
            f"✗ {address} has not written on WhatsApp for 24 hours, and {reason}: something waits "
            "there unsent. Send any word to the number, or set WINGMAN_WHATSAPP__TEMPLATE_SID to "
            "an approved template with one variable"
        )
        await self._alarm(f"window:{address}", text)

    async def refused(self, error: WingmanError, address: str = "") -> None:
        """One line with the cure, on the channels that still work."""
        match error:
            case AccountRefused():
                text = (
                    f"✗ Twilio does not take the account's SID or token ({error}): nothing goes "
                    "in or out on WhatsApp. Set WINGMAN_WHATSAPP__ACCOUNT_SID and __AUTH_TOKEN to "
                    "those in Twilio's console, and restart"
                )
                await self._alarm("account", text)
            case SenderRefused():
                text = (
                    f"✗ Twilio does not know the number that writes ({error}): set "
                    "WINGMAN_WHATSAPP__FROM to a WhatsApp sender of this account, or to the "
                    "sandbox's number whatsapp:+14155238886, and restart"
                )
                await self._alarm("sender", text)
            case NotJoined():
                text = (
                    f"✗ {address or 'Somebody'} is not in Twilio's WhatsApp sandbox any more, as "
                    "that ends after 3 days: send the join words of the sandbox from that phone "
                    f"to the sandbox's number again ({error})"
                )
                await self._alarm(f"sandbox:{address}", text)
            case NotVerified():
                text = (
                    f"✗ Twilio's trial account may not write to {address or 'that number'} "
                    f"({error}): verify it in Twilio's console under Phone Numbers, Manage, "
                    "Verified Caller IDs, or upgrade the account"
                )
                await self._alarm(f"trial:{address}", text)
            case _:
                pass


def _is_final(status: str) -> bool:
    """``read`` may follow ``delivered`` days later, or never."""
    return _FATES.get(status) in (Fate.DELIVERED, Fate.READ, Fate.FAILED)
