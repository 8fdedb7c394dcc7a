"""Small files of other programs."""

from __future__ import annotations

import asyncio
from pathlib import Path

LONGEST = 64 * 1024


class DiskAccounts:
    async def read(self, path: str) -> str:
        return await asyncio.to_thread(_read, path)


def _read(path: str) -> str:
    try:
        with Path(path).open("rb") as file:
            return file.read(LONGEST).decode(errors="replace")
    except (OSError, ValueError):
        return ""
