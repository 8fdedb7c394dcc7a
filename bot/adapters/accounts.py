"""Small files of other programs, and which programs those are."""

from __future__ import annotations

import asyncio
import os
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from bot.core.keeping import Process

LONGEST = 64 * 1024
GROWN = 1024 * 1024
MOST = 64
"""Processes of one pane that are looked at: an agent is among the first."""
_PROC = Path("/proc")
_PARENT, _BEGUN = 1, 19
"""Fields of ``/proc/<pid>/stat`` behind the name, from 0 (Linux, proc(5))."""


class DiskAccounts:
    async def read(self, path: str) -> str:
        return await asyncio.to_thread(_read, path)

    async def size(self, path: str) -> int:
        return await asyncio.to_thread(_size, path)

    async def since(self, path: str, offset: int) -> str:
        return await asyncio.to_thread(_since, path, offset)

    async def family(self, pid: int, variables: Collection[str]) -> Sequence[Process]:
        return await asyncio.to_thread(_family, pid, variables)

    async def newest(self, folder: str, most: int) -> Sequence[str]:
        return await asyncio.to_thread(_newest, folder, most)


def _read(path: str) -> str:
    try:
        if not Path(path).is_file():
            return ""  # a pipe would be waited for
        with Path(path).open("rb") as file:
            return file.read(LONGEST).decode(errors="replace")
    except (OSError, ValueError):
        return ""


def _size(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except (OSError, ValueError):
        return 0


def _since(path: str, offset: int) -> str:
    try:
        if not Path(path).is_file():
            return ""
        with Path(path).open("rb") as file:
            end = file.seek(0, os.SEEK_END)
            file.seek(max(offset, end - GROWN))
            return file.read(GROWN).decode(errors="replace")
    except (OSError, ValueError):
        return ""


def _newest(folder: str, most: int) -> Sequence[str]:
    try:
        with os.scandir(folder) as found:
            files = [(one.stat().st_mtime, one.path) for one in found if one.is_file()]
    except (OSError, ValueError):
        return []
    return [path for _, path in sorted(files, reverse=True)[:most]]


def _family(pid: int, variables: Collection[str]) -> Sequence[Process]:
    """Without ``/proc`` that process alone, as if it had our environment."""
    stats = {int(at.name): _stat(at) for at in _numbered()}
    if pid not in stats:
        ours = {name: os.environ[name] for name in variables if name in os.environ}
        return [] if stats else [Process(pid, environment=ours)]
    children: defaultdict[str, list[int]] = defaultdict(list)
    for child, stat in stats.items():
        if len(stat) > _BEGUN:
            children[stat[_PARENT]].append(child)
    found = [pid]
    for one in found:
        found += children[str(one)][: MOST - len(found)]
    return [_process(one, stats[one], variables) for one in found]


def _numbered() -> Iterator[Path]:
    try:
        yield from (at for at in _PROC.iterdir() if at.name.isdigit())
    except OSError:
        return


def _stat(at: Path) -> Sequence[str]:
    """What stands behind the name, which may hold blanks and parentheses."""
    return _bytes(at / "stat").decode(errors="replace").rpartition(")")[2].split()


def _process(pid: int, stat: Sequence[str], variables: Collection[str]) -> Process:
    lines = _bytes(_PROC / str(pid) / "environ").decode(errors="replace").split("\0")
    pairs = [line.partition("=") for line in lines]
    arguments = _bytes(_PROC / str(pid) / "cmdline").decode(errors="replace").split("\0")
    return Process(
        pid,
        stat[_BEGUN] if len(stat) > _BEGUN else "",
        tuple(arguments[:-1]),
        {name: value for name, _, value in pairs if name in variables},
    )


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(GROWN)
    except (OSError, ValueError):
        return b""
