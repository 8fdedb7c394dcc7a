"""What people call the ways of reaching them."""

from __future__ import annotations

from collections.abc import Mapping


class Titles:
    """``given``: by a channel's id; those that are at the machine itself have none, but are
    ``called`` something."""

    def __init__(self, given: Mapping[str, str], called: Mapping[str, str] | None = None) -> None:
        self._given = dict(given)
        self._called = {**(called or {}), **given}

    def of(self, channel: str) -> str:
        return self._called.get(channel) or channel.capitalize()

    def on(self, channel: str) -> str:
        """`` on Telegram``, behind a person's name; empty at the machine itself, where the name
        says it: terminal, local phone."""
        return f" on {self._given[channel]}" if channel in self._given else ""


BY_ID = Titles({})
