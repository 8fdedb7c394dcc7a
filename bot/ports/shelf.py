"""Where files that people send are kept for the agents."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol


class Shelf(Protocol):
    async def put(self, folder: str, name: str, content: bytes) -> str:
        """The path of the file, whole and private to this user. What is there under that name
        already stays as it is. ``folder`` and ``name`` are plain words.

        Raises WingmanError when it cannot be written."""
        ...

    async def prune(self, before: datetime, but_not: Collection[str]) -> int:
        """Removes files put before then, and what a killed program left half written; how many
        files. ``but_not``: paths that stay."""
        ...
