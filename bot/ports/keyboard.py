"""Pressing keys, at most once and only on what was seen."""

from __future__ import annotations

from typing import Protocol

from bot.core.ids import PaneKey
from bot.core.press import Press, PressResult


class Keyboard(Protocol):
    async def press(self, press: Press) -> PressResult:
        """One command list: compare, mark and press inside the tmux server. Never retried here."""
        ...

    async def marker(self, pane: PaneKey) -> str | None:
        """The id of the last press that went into this pane; None when that pane is gone."""
        ...
