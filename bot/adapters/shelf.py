"""Files that people sent, in folders that nobody else can read."""

from __future__ import annotations

import asyncio
import contextlib
import os
import tempfile
import threading
from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path

import structlog

from bot.core.errors import WingmanError

log = structlog.get_logger()

_PRIVATE_DIRECTORY = 0o700
_HALF = ".incoming-"


class DiskShelf:
    """A file appears whole or not at all, also when the program is killed meanwhile."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._at_work = threading.Lock()
        """Who writes: while nobody does, what is half written will never be whole."""

    async def put(self, folder: str, name: str, content: bytes) -> str:
        for word in (folder, name):
            if not word or word != Path(word).name or word.startswith("."):
                raise ValueError(f"not a plain name: {word!r}")
        return await asyncio.to_thread(self._put, self._root / folder / name, content)

    def _put(self, path: Path, content: bytes) -> str:
        try:
            with self._at_work:
                for directory in (self._root, path.parent):
                    directory.mkdir(mode=_PRIVATE_DIRECTORY, exist_ok=True)
                if not path.exists():
                    _write(path, content)
        except OSError as error:
            why = error.strerror or str(error)
            raise WingmanError(f"the file cannot be kept: {path.parent}: {why}") from error
        return str(path)

    async def prune(self, before: datetime, but_not: Collection[str]) -> int:
        return await asyncio.to_thread(self._prune, before, frozenset(but_not))

    def _prune(self, before: datetime, but_not: frozenset[str]) -> int:
        removed = 0
        with self._at_work:
            for folder in _folders(self._root):
                for path in sorted(folder.iterdir()):
                    removed += str(path) not in but_not and _removed(path, before)
                with contextlib.suppress(OSError):  # it is not empty
                    folder.rmdir()
        return removed


def _folders(root: Path) -> Iterator[Path]:
    """Ours: plain folders, and nothing that points elsewhere."""
    if root.is_dir():
        found = sorted(root.iterdir())
        yield from (path for path in found if path.is_dir() and not path.is_symlink())


def _removed(path: Path, before: datetime) -> bool:
    """Whether a file was old, and could be removed."""
    try:
        is_half = path.name.startswith(_HALF)
        if not is_half and path.lstat().st_mtime >= before.timestamp():
            return False
        path.unlink()
    except OSError as error:
        log.warning("files.not_removed", file=str(path), reason=error.strerror)
        return False
    return not is_half


def _write(path: Path, content: bytes) -> None:
    """mkstemp makes files of mode 0600."""
    file, temporary = tempfile.mkstemp(prefix=_HALF, dir=path.parent)
    try:
        with os.fdopen(file, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(file)
        with contextlib.suppress(FileExistsError):
            os.link(temporary, path)
    finally:
        Path(temporary).unlink(missing_ok=True)
