"""Files in memory."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class MemoryShelf:
    """``puts`` counts the calls that wrote something."""

    files: dict[str, bytes] = field(default_factory=dict)
    puts: int = 0
    put_at: dict[str, datetime] = field(default_factory=dict)
    """A file that is not in it has just been put."""

    async def put(self, folder: str, name: str, content: bytes) -> str:
        path = f"/files/{folder}/{name}"
        if path not in self.files:
            self.files[path] = content
            self.puts += 1
        return path

    async def prune(self, before: datetime, but_not: Collection[str]) -> int:
        old = [path for path, at in self.put_at.items() if at < before and path not in but_not]
        for path in old:
            del self.files[path], self.put_at[path]
        return len(old)
