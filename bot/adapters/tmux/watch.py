"""Who writes to a terminal, told by the kernel: inotify on pseudo-terminals (Linux).

No document promises that inotify sees writes to a pty (measured on Linux 6.18); ``works()`` tries
it on one of our own. Not seen: writes by way of /dev/tty, and terminals of another container.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import select
import struct
import sys
from collections.abc import Callable, Iterator, Mapping

from bot.core.ids import PaneId

_IN_MODIFY, _IN_Q_OVERFLOW, _IN_IGNORED = 0x2, 0x4000, 0x8000
_EVENT = struct.Struct("iIII")
_CALM = 0.01
"""With more than 100 wake-ups a second the kernel is read every 10 ms (17 % becomes 10 % CPU)."""


class TtyWatch:
    """Raises OSError where the kernel has no inotify."""

    def __init__(self, wrote: Callable[[PaneId], None]) -> None:
        if sys.platform != "linux":
            raise OSError("inotify is Linux's own")
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._fd = self._libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if self._fd < 0:
            raise OSError(ctypes.get_errno(), "inotify_init1")
        self._wrote = wrote
        self._panes: dict[int, PaneId] = {}
        self._watches: dict[PaneId, tuple[str, int]] = {}
        self._woke, self._rest = 0.0, 1.0
        self._loop: asyncio.AbstractEventLoop | None = None

    def follow(self, ttys: Mapping[PaneId, str]) -> None:
        """Watches these terminals and no others."""
        for pane, (tty, watch) in list(self._watches.items()):
            if ttys.get(pane) != tty:
                self._drop(pane, watch)
        for pane, tty in ttys.items():
            if pane not in self._watches:
                self._add(pane, tty)

    def _add(self, pane: PaneId, tty: str) -> None:
        """A terminal that may not be watched is left to the regular sweep."""
        watch = self._libc.inotify_add_watch(self._fd, os.fsencode(tty), _IN_MODIFY)
        if watch >= 0:
            self._panes[watch] = pane
            self._watches[pane] = (tty, watch)

    def _drop(self, pane: PaneId, watch: int) -> None:
        self._libc.inotify_rm_watch(self._fd, watch)
        self._panes.pop(watch, None)
        self._watches.pop(pane, None)

    @property
    def descriptor(self) -> int:
        return int(self._fd)

    def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._resume()

    def close(self) -> None:
        if self._fd >= 0:
            if self._loop is not None:
                self._loop.remove_reader(self._fd)
            os.close(self._fd)
            self._fd = -1

    def _resume(self) -> None:
        if self._fd >= 0 and self._loop is not None:
            self._loop.add_reader(self._fd, self._wake)

    def _wake(self) -> None:
        assert self._loop is not None
        for pane in set(self.read()):
            self._wrote(pane)
        now = self._loop.time()
        self._rest = 0.8 * self._rest + 0.2 * min(now - self._woke, 1.0)
        self._woke = now
        if self._rest < _CALM:
            self._loop.remove_reader(self._fd)
            self._loop.call_later(_CALM, self._resume)

    def read(self) -> Iterator[PaneId]:
        try:
            data = os.read(self._fd, 1 << 16)
        except BlockingIOError:
            return
        yield from self.told(data)

    def told(self, data: bytes) -> Iterator[PaneId]:
        """The panes that these events of the kernel are about: all, when its queue ran over."""
        at = 0
        while at < len(data):
            watch, mask, _, length = _EVENT.unpack_from(data, at)
            at += _EVENT.size + length
            if mask & _IN_Q_OVERFLOW:
                yield from tuple(self._watches)
            elif mask & _IN_IGNORED:
                self._ended(watch)
            elif watch in self._panes:
                yield self._panes[watch]

    def _ended(self, watch: int) -> None:
        """The terminal is gone, or we let go of it."""
        pane = self._panes.pop(watch, None)
        if pane is not None:
            self._watches.pop(pane, None)


def works() -> bool:
    """Whether a write to a pseudo-terminal is told here."""
    probe = PaneId("%0")
    with contextlib.ExitStack() as stack:
        try:
            ours, theirs = os.openpty()
            stack.callback(os.close, ours)
            stack.callback(os.close, theirs)
            watch = TtyWatch(lambda _: None)
            stack.callback(watch.close)
            watch.follow({probe: os.ttyname(theirs)})
            os.write(theirs, b"x")
            select.select([watch.descriptor], [], [], 0.2)
            return probe in watch.read()
        except OSError:
            return False
