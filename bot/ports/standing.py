"""How things stand between us and the people on a channel, where that changes by itself."""

from __future__ import annotations

from typing import Protocol, runtime_checkable


@runtime_checkable
class Standing(Protocol):
    """A channel that may close, or that costs."""

    def standing(self) -> tuple[str, ...]:
        """A line each, for the list of sessions; none for what is not known yet."""
        ...
