"""Files in which agents keep an account of themselves: read, never written."""

from __future__ import annotations

from typing import Protocol


class Accounts(Protocol):
    async def read(self, path: str) -> str:
        """Its text; empty when there is none that can be read."""
        ...

    async def size(self, path: str) -> int:
        """Bytes; 0 when there is none that can be read."""
        ...

    async def since(self, path: str, offset: int) -> str:
        """What was written behind the first ``offset`` bytes; of much, the last."""
        ...
