"""Some providers tell what became of a message that they took."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol, runtime_checkable

from bot.core.fate import Fate

Receipt = Callable[[str, Fate, str], Awaitable[None]]
"""One message's reference, its fate, and the provider's error code if it was lost. May come more
than once, and in any order."""


@runtime_checkable
class Receipted(Protocol):
    """A channel that may have some."""

    def on_receipt(self, tell: Receipt) -> None:
        """Called once, before ``run``."""
        ...
