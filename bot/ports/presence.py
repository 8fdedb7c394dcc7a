"""Who sits at the machine."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from bot.core.ids import PaneId


class Presence(Protocol):
    async def typed(self) -> Mapping[PaneId, datetime]:
        """For each pane that somebody's ordinary terminal has in front: when its last key came.
        Empty when that cannot be told."""
        ...
