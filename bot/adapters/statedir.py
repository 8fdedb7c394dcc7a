"""The directory one gateway keeps its state in: private to its user, held by one process."""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import stat
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import structlog

from bot.core.errors import WingmanError

log = structlog.get_logger()

_PRIVATE_DIRECTORY = 0o700
_PRIVATE_FILE = 0o600
_SECRET_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")


class AlreadyRunning(WingmanError):
    """Another gateway holds the state directory."""

    def __init__(self, path: Path, pid: int | None, since: str) -> None:
        self.pid = pid
        who = f"pid {pid}, since {since}" if pid else "pid not known"
        super().__init__(
            f"another gateway ({who}) runs on this state directory, {path}: "
            "stop it, or set WINGMAN_STATE_DIR to another directory"
        )


class StateDir:
    """Made by ``claim``. The lock is the kernel's: it ends with the process, however that ends."""

    def __init__(self, path: Path, lock: int) -> None:
        self.path = path
        self._lock = lock

    @classmethod
    def claim(cls, path: Path) -> StateDir:
        """Creates the directory if need be. Raises AlreadyRunning and WingmanError."""
        path = path.expanduser().absolute()
        try:
            _make_private(path)
            return cls(path, _lock(path))
        except OSError as error:
            raise _unusable(path, error) from error

    def release(self) -> None:
        """Also done by the kernel when the process ends."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def __enter__(self) -> StateDir:
        return self

    def __exit__(self, *error: object) -> None:
        self.release()

    def generated_secret(self, name: str) -> str:
        """The content of a private file of that name, made up when there is none yet."""
        if not _SECRET_NAME.fullmatch(name):
            raise ValueError(f"not the name of a secret: {name!r}")
        path = self.path / name
        try:
            return _read_secret(path) or _write_secret(path, secrets.token_urlsafe(32))
        except OSError as error:
            raise _unusable(path, error) from error


def _make_private(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        path.mkdir(mode=_PRIVATE_DIRECTORY)
    except FileExistsError:
        if not path.is_dir():
            raise WingmanError(
                f"the state directory {path} is a file: move it away, or set WINGMAN_STATE_DIR"
            ) from None
    found = path.stat()
    if found.st_uid != os.geteuid():
        raise WingmanError(
            f"the state directory {path} belongs to user {found.st_uid}, not to {os.geteuid()} "
            f"who runs this: chown it, or set WINGMAN_STATE_DIR"
        )
    _close_to_others(path, found, _PRIVATE_DIRECTORY)


def _close_to_others(path: Path, found: os.stat_result, mode: int) -> None:
    before = stat.S_IMODE(found.st_mode)
    if before != mode:
        path.chmod(mode)
    if before & 0o077:
        log.warning("statedir.was_open_to_others", path=str(path), mode=f"{before:04o}")


def _lock(directory: Path) -> int:
    path = directory / "lock"
    while True:
        file = os.open(path, os.O_RDWR | os.O_CREAT, _PRIVATE_FILE)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid, since = _holder(file)
            os.close(file)
            raise AlreadyRunning(directory, pid, since) from None
        except OSError:
            os.close(file)
            raise
        if _is_still(path, file):
            _sign(file)
            return file
        os.close(file)  # somebody removed it between opening and locking


def _is_still(path: Path, file: int) -> bool:
    try:
        found = path.stat()
    except FileNotFoundError:
        return False
    return os.path.samestat(found, os.fstat(file))


def _sign(file: int) -> None:
    os.ftruncate(file, 0)
    os.pwrite(file, f"{os.getpid()}\n".encode(), 0)
    started = datetime.fromtimestamp(os.fstat(file).st_mtime, UTC)
    os.pwrite(file, f"{os.getpid()} {started:%Y-%m-%dT%H:%M:%SZ}\n".encode(), 0)


def _holder(file: int) -> tuple[int | None, str]:
    """Empty for a moment after the other one got the lock."""
    pid, _, since = os.pread(file, 200, 0).decode(errors="replace").strip().partition(" ")
    return (int(pid) if pid.isdecimal() else None), since


def _read_secret(path: Path) -> str:
    """Empty when there is none."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return ""
    with os.fdopen(file, encoding="utf-8") as stream:
        _close_to_others(path, os.fstat(file), _PRIVATE_FILE)
        return stream.read().strip()


def _write_secret(path: Path, secret: str) -> str:
    file, temporary = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(file, "w", encoding="utf-8") as stream:
            stream.write(secret + "\n")
            stream.flush()
            os.fsync(file)
        os.replace(temporary, path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_directory(path.parent)
    return secret


def _sync_directory(path: Path) -> None:
    directory = os.open(path, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _unusable(path: Path, error: OSError) -> WingmanError:
    why = error.strerror or str(error)
    return WingmanError(
        f"the state directory cannot be used: {error.filename or path}: {why}; give this user "
        "read and write permission, or set WINGMAN_STATE_DIR to a directory of their own"
    )
