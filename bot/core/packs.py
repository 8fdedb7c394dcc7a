"""What an agent type's patterns were made from."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Pack:
    versions: tuple[str, ...]
    """Of the program whose screens they read, oldest first. What lies between the first and the
    last was not seen, and is taken to look alike."""
    origin: str
    """Where those screens come from."""

    def covers(self, version: str) -> bool:
        return _parts(self.versions[0]) <= _parts(version) <= _parts(self.versions[-1])

    @property
    def span(self) -> str:
        ends = dict.fromkeys((self.versions[0], self.versions[-1]))
        return " to ".join(ends)


def _parts(version: str) -> tuple[int, ...]:
    """By the numbers alone: ``1.2.3-beta`` is as far as ``1.2.3``."""
    return tuple(map(int, _NUMBER.findall(version.partition("-")[0])))
