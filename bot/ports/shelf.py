"""Where files that people send are kept for the agents."""

from __future__ import annotations

from typing import Protocol


class Shelf(Protocol):
    async def put(self, folder: str, name: str, content: bytes) -> str:
        """The path of the file, whole and private to this user. What is there under that name
        already stays as it is. ``folder`` and ``name`` are plain words.

        Raises WingmanError when it cannot be written."""
        ...
