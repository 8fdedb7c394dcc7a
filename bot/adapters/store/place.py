"""The database file: made once, readable by its owner only, and watched for being replaced."""

from __future__ import annotations

import errno
import os
import sqlite3
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bot.adapters.store import faults

APPLICATION_ID = 0x574E474D
"""In the header of each database of ours, where ``file`` and we can see it: ``WNGM``."""

_PRIVATE = 0o600
_HEADER = 100


@dataclass(frozen=True, slots=True)
class Place:
    path: Path
    identity: tuple[int, int]
    """Device and inode: another file of that name is not our database."""

    @classmethod
    def at(cls, path: Path, *, create: bool = True) -> Place:
        """Raises StoreUnusable when there is no file to work with."""
        path = path.absolute()
        try:
            if create and not path.exists():
                _create(path)
            found = path.stat()
            _require_file(path, found)
            if found.st_size < _HEADER:
                # Ours come into being with one; SQLite would take the rest for a new database.
                raise faults.damaged(str(path), "its header is cut off")
            if found.st_mode & 0o077 and found.st_uid == os.geteuid():
                path.chmod(_PRIVATE)
        except OSError as error:
            raise faults.unreachable(str(path), error.strerror or str(error)) from error
        return cls(path, (found.st_dev, found.st_ino))

    def check(self) -> None:
        try:
            found = self.path.stat()
        except OSError as error:
            raise faults.replaced(self.path) from error
        if (found.st_dev, found.st_ino) != self.identity:
            raise faults.replaced(self.path)


def _require_file(path: Path, found: os.stat_result) -> None:
    """What SQLite could not open: its driver leaves a thread behind when that fails."""
    if not stat.S_ISREG(found.st_mode):
        raise faults.unreachable(str(path), "it is not a file")
    if not os.access(path, os.R_OK):
        raise faults.unreachable(str(path), os.strerror(errno.EACCES))


def _create(path: Path) -> None:
    """Complete under another name first: a file that is there is never written over, and one
    that is half made never looks like a ledger."""
    handle, name = tempfile.mkstemp(prefix=f"{path.name}.new-", dir=path.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        _write_header(temporary)
        os.link(temporary, path)
    except FileExistsError:
        return
    except sqlite3.Error as error:
        raise faults.explain(error, str(path), 0) from error
    finally:
        temporary.unlink()


def _write_header(path: Path) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    finally:
        connection.close()
