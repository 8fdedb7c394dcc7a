"""Small files of other programs."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

LONGEST = 64 * 1024
GROWN = 1024 * 1024


class DiskAccounts:
    async def read(self, path: str) -> str:
        return await asyncio.to_thread(_read, path)

    async def size(self, path: str) -> int:
        return await asyncio.to_thread(_size, path)

    async def since(self, path: str, offset: int) -> str:
        return await asyncio.to_thread(_since, path, offset)


def _read(path: str) -> str:
    try:
        with Path(path).open("rb") as file:
            return file.read(LONGEST).decode(errors="replace")
    except (OSError, ValueError):
        return ""


def _size(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except (OSError, ValueError):
        return 0


def _since(path: str, offset: int) -> str:
    try:
        if not Path(path).is_file():
            return ""
        with Path(path).open("rb") as file:
            end = file.seek(0, os.SEEK_END)
            file.seek(max(offset, end - GROWN))
            return file.read(GROWN).decode(errors="replace")
    except (OSError, ValueError):
        return ""
