"""Making and ending tmux sessions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from bot.core.ids import PaneKey


@dataclass(frozen=True, slots=True)
class Launch:
    """A program to run in a new tmux session. Name and directory are data, never formats."""

    name: str
    directory: str
    argv: tuple[str, ...]
    width: int = 200
    height: int = 50
    environment: dict[str, str] = field(default_factory=dict)


class Spawner(Protocol):
    async def spawn(self, launch: Launch) -> PaneKey:
        """Raises Refused when the name is taken or the directory is no directory."""
        ...

    async def kill(self, pane: PaneKey) -> bool:
        """Ends the pane's tmux session if that pane still is that pane, and what its program would
        leave running; False if it was gone."""
        ...

    def attach_command(self, session: str) -> str:
        """What to type in a terminal to look at a session."""
        ...
