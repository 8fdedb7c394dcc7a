"""What a gateway is given of the machine around it, in memory."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.core.errors import Refused
from bot.core.screen import Screen
from bot.ports.painter import PictureKind
from bot.ports.workspace import Changes
from tests.support.files import PNG


@dataclass
class FakePainter:
    painted: list[tuple[Screen, PictureKind]] = field(default_factory=list)

    async def paint(self, screen: Screen, kind: PictureKind) -> bytes:
        self.painted.append((screen, kind))
        return PNG


@dataclass
class FakeWorkspace:
    """``directories`` are repositories; everything else is none."""

    directories: dict[str, Changes] = field(default_factory=dict)
    heads: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    """Directories that were compared, and with what."""

    async def changes(self, directory: str, since: str = "") -> Changes:
        self.asked.append((directory, since))
        if directory not in self.directories:
            raise Refused(f"{directory} is not in a git repository")
        return self.directories[directory]

    async def head(self, directory: str) -> str:
        if directory not in self.heads:
            raise Refused(f"{directory} is not in a git repository")
        return self.heads[directory]
