"""Files in which agents keep an account of themselves: read, never written."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from bot.core.keeping import Process


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

    async def family(self, pid: int, variables: Collection[str]) -> Sequence[Process]:
        """That process and those it has started, as far as can be told; ``variables`` of their
        environments."""
        ...

    async def newest(self, folder: str, most: int) -> Sequence[str]:
        """The paths of so many of its files that were written last; none of what is below it."""
        ...
