"""What a channel can find out about its own set-up."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from bot.core.checks import Check


@runtime_checkable
class Checked(Protocol):
    """A channel that can be asked, with or without running: nothing is sent to a person, and
    nothing is changed."""

    async def checks(self) -> tuple[Check, ...]:
        """Within some seconds; what cannot be reached is a Check too, never an exception."""
        ...
