"""Files that people sent, in folders that nobody else can read."""

from __future__ import annotations

import asyncio
import contextlib
import os
import tempfile
from pathlib import Path

from bot.core.errors import WingmanError

_PRIVATE_DIRECTORY = 0o700


class DiskShelf:
    """A file appears whole or not at all, also when the program is killed meanwhile."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def put(self, folder: str, name: str, content: bytes) -> str:
        for word in (folder, name):
            if not word or word != Path(word).name or word.startswith("."):
                raise ValueError(f"not a plain name: {word!r}")
        return await asyncio.to_thread(self._put, self._root / folder / name, content)

    def _put(self, path: Path, content: bytes) -> str:
        try:
            for directory in (self._root, path.parent):
                directory.mkdir(mode=_PRIVATE_DIRECTORY, exist_ok=True)
            if not path.exists():
                _write(path, content)
        except OSError as error:
            why = error.strerror or str(error)
            raise WingmanError(f"the file cannot be kept: {path.parent}: {why}") from error
        return str(path)


def _write(path: Path, content: bytes) -> None:
    """mkstemp makes files of mode 0600."""
    file, temporary = tempfile.mkstemp(prefix=".incoming-", dir=path.parent)
    try:
        with os.fdopen(file, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(file)
        with contextlib.suppress(FileExistsError):
            os.link(temporary, path)
    finally:
        Path(temporary).unlink(missing_ok=True)
