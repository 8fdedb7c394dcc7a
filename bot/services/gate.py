"""The one gate: who is neither on a channel's list nor was paired has no effect at all."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.decisions import Inbound, Principal
from bot.ports.channel import Channel
from bot.services.people import Paired, nobody


class Gate:
    """The only maker of a Principal; everything that acts asks for one."""

    def __init__(self, channels: Sequence[Channel], paired: Paired = nobody) -> None:
        self._channels = {channel.id: channel for channel in channels}
        self._paired = paired

    def admit(self, inbound: Inbound) -> Principal | None:
        """None for strangers. Names are never looked at: only the provider's own id counts."""
        channel = self._channels.get(inbound.channel)
        if channel is None:
            return None
        if inbound.user not in channel.allowed and inbound.user not in self._paired(channel.id):
            return None
        return Principal(inbound.channel, inbound.user, inbound.name, inbound.address)

    def admit_owner(self, name: str) -> Principal:
        """Whoever reaches the gateway's own socket or page: the owner of this machine's account.

        The caller has checked the file's mode, or the token."""
        return Principal("cli", "owner", name, "")
