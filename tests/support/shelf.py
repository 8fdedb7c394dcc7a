"""Files in memory."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class MemoryShelf:
    """``puts`` counts the calls that wrote something."""

    files: dict[str, bytes] = field(default_factory=dict)
    puts: int = 0

    async def put(self, folder: str, name: str, content: bytes) -> str:
        path = f"/files/{folder}/{name}"
        if path not in self.files:
            self.files[path] = content
            self.puts += 1
        return path
