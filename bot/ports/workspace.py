"""What an agent has changed in the directory it works in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Changes:
    """Against a commit, staged or not."""

    stat: str = ""
    """A line for each file, and the totals."""
    patch: str = ""
    untracked: tuple[str, ...] = ()
    """Files that are new and not staged: they are not in the patch."""
    cut: bool = False
    """The patch was too long, and its end is missing."""
    commits: int = 0
    """Made since then."""


class Workspace(Protocol):
    async def changes(self, directory: str, since: str = "") -> Changes:
        """``since``: what ``head`` told then; empty, or no forerunner of what is there now: the
        last commit. Nothing that is in there is run. Raises Refused: no repository, no git, too
        slow."""
        ...

    async def head(self, directory: str) -> str:
        """Where it stands now. Raises Refused."""
        ...
