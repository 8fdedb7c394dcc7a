"""Pictures of screens. What draws them is loaded with the first one."""

from __future__ import annotations

import asyncio
import importlib
from typing import Any

from bot.core.cells import sheet_of
from bot.core.screen import Screen
from bot.ports.painter import PictureKind


class ThreadPainter:
    """Implements Painter, one picture at a time: drawing one takes a core for a moment."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()

    async def paint(self, screen: Screen, kind: PictureKind) -> bytes:
        async with self._turn:
            return await asyncio.to_thread(_paint, screen, kind)


def _paint(screen: Screen, kind: PictureKind) -> bytes:
    module: Any = importlib.import_module(f"{__name__}.{kind}")
    picture: bytes = module.draw(sheet_of(screen))
    return picture
