"""What a plug-in keeps for its next life."""

from __future__ import annotations

from typing import Protocol


class Memory(Protocol):
    """Small values under the owner's own keys, durable when ``put`` returns. No secrets."""

    async def get(self, key: str) -> str | None:
        """None for what was never put."""
        ...

    async def put(self, key: str, value: str) -> None: ...
