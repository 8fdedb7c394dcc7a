"""What is measured of the gateway itself, for whoever operates it."""

from __future__ import annotations

from typing import Protocol


class Meter(Protocol):
    """Times are in seconds. Nothing here fails or waits."""

    def captured(self, panes: int) -> None:
        """So many screens were asked of tmux at once."""
        ...

    def noticed(self, seconds: float) -> None:
        """From the hint that a pane wrote to the commit of what people are told of it."""
        ...

    def swept(self, found: int) -> None:
        """The regular sweep ran, and found so many panes with news that no hint told of."""
        ...

    def unread(self) -> None:
        """More scrolled by in a pane than was read, or how much is not known."""
        ...

    def pressed(self, outcome: str) -> None: ...

    def sent(self, channel: str, outcome: str, age: float) -> None:
        """What became of a message, ``age`` after it was due."""
        ...

    def queued(self, channel: str, rows: int, oldest: float) -> None:
        """The length of a channel's queue now, and the age of what waits longest there."""
        ...


class NoMeter:
    """Measures nothing."""

    def captured(self, panes: int) -> None: ...

    def noticed(self, seconds: float) -> None: ...

    def swept(self, found: int) -> None: ...

    def unread(self) -> None: ...

    def pressed(self, outcome: str) -> None: ...

    def sent(self, channel: str, outcome: str, age: float) -> None: ...

    def queued(self, channel: str, rows: int, oldest: float) -> None: ...
