"""The accounts behind the channels, as their providers see them."""

from __future__ import annotations

from bot.adapters.clock import SystemClock
from bot.channels import ChannelSpec
from bot.core.checks import Check, Level
from bot.registry import leaves
from bot.settings import Settings


async def accounts(settings: Settings) -> tuple[Check, ...]:
    """Nothing is sent, and nothing is changed there."""
    specs: dict[str, ChannelSpec] = leaves("bot.channels", "CHANNEL", settings.wants)
    found: list[Check] = []
    for spec in specs.values():
        if spec.checks is not None:
            found += await spec.checks(settings, SystemClock())
    if not found:
        says = "no chat is set up, only the local phone: wingman setup"
        found.append(Check("channels", Level.OFF, says))
    return tuple(found)
