"""What becomes of a message after Twilio took it, and the reports of that."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from bot.adapters.clock import SystemClock
from tests.support.twilioapi.contents import Filled
from tests.support.twilioapi.messages import Message
from tests.support.twilioapi.webhook import Poster
from tests.support.twilioapi.world import World

ON_THE_WAY = 0.02
"""Seconds between two stages; in real time, whatever the world's clock says."""
_FAILED = frozenset({63015, 63016})
"""Refused before WhatsApp has them; the others are ``undelivered``."""


@dataclass
class Courier:
    world: World
    poster: Poster
    reordering: bool = False
    """The newest report of a message comes first."""
    keeping: bool = False
    """Nothing goes on its way; what was asked for stays ``queued``."""

    async def carry(self, message: Message, filled: Filled | None = None) -> None:
        clock = SystemClock()
        await clock.sleep(ON_THE_WAY)
        while self.keeping:
            await clock.sleep(ON_THE_WAY)
        contact = self.world.contact(message.to)
        error = self.world.late_error(message) or (63013 if filled and filled.faults else 0)
        if error or contact is None:
            message.error = error
            await self.pass_through(message, ["failed" if error in _FAILED else "undelivered"])
            return
        stages = ["sent"]
        if contact.online:
            stages.append("delivered")
        if contact.online and contact.reads_at_once:
            stages.append("read")
        await self.pass_through(message, stages)

    async def pass_through(self, message: Message, stages: Iterable[str]) -> None:
        reports = []
        for status in stages:
            message.becomes(status)
            reports.append(report(message))
            if not self.reordering:
                await self._post(message, reports.pop())
        for form in reversed(reports):
            await self._post(message, form)

    async def comes_online(self, number: str) -> None:
        contact = self.world.people[number]
        contact.online = True
        waiting = [
            one
            for one in self.world.messages
            if one.status == "sent" and self.world.contact(one.to) is contact
        ]
        async with asyncio.TaskGroup() as group:
            for message in waiting:
                group.create_task(self.pass_through(message, ["delivered"]))

    async def _post(self, message: Message, form: dict[str, str]) -> None:
        if message.callback:
            await self.poster.send(message.callback, form)


def report(message: Message) -> dict[str, str]:
    """Of the status it has now."""
    form = {
        "AccountSid": message.account,
        "ApiVersion": "2010-04-01",
        "ChannelInstallSid": "XE" + "0" * 32,
        "ChannelPrefix": "whatsapp",
        "ChannelToAddress": message.to,
        "From": message.sender,
        "MessageSid": message.sid,
        "MessageStatus": message.status,
        "SmsSid": message.sid,
        "SmsStatus": message.status,
        "StructuredMessage": "true" if message.content else "false",
        "To": message.to,
    }
    if message.error:
        form |= {"ErrorCode": str(message.error), "ChannelStatusMessage": ""}
    if message.status in ("delivered", "read"):
        form["EventType"] = message.status.upper()
    return form
