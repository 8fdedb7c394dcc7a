"""Pictures of screens."""

from __future__ import annotations

from typing import Literal, Protocol

from bot.core.screen import Screen

PictureKind = Literal["png", "svg"]


class Painter(Protocol):
    async def paint(self, screen: Screen, kind: PictureKind) -> bytes:
        """The whole screen, in its colours if they were captured too (``Screen.ansi``)."""
        ...
