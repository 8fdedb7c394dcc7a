"""Takes what connects to the hooks' socket, and tells a hook that waits that somebody is there.

A hook that is not told so at once gives up, so that a gateway that hangs costs its agent nothing.
The gateway's loop may be busy for some hundred milliseconds all the same: hence a thread.
"""

from __future__ import annotations

import contextlib
import select
import selectors
import socket
import threading
from collections.abc import Callable
from typing import Self

WAITS = b'{"v": 1, "waits": true,'
"""How a hook that waits begins. It alone is told: one that ends at once would break the
connection off over a word that it has not read."""
HERE = b'{"v":1,"here":true}\n'
BEGINS = 0.02
"""Seconds for a peer to begin: it writes as soon as it has connected."""
TRY_AGAIN = 0.1


class Door:
    """``with``: from then on who connects is let in. ``let_in`` is called in the door's thread,
    and owns the socket."""

    def __init__(self, listening: socket.socket, let_in: Callable[[socket.socket], None]) -> None:
        self._listening = listening
        self._let_in = let_in
        self._closing, self._close = socket.socketpair()
        self._keeper = threading.Thread(target=self._keep, name="hooks", daemon=True)

    def __enter__(self) -> Self:
        self._listening.setblocking(False)
        self._keeper.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._close.close()
        self._keeper.join()
        self._closing.close()

    def _keep(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._listening, selectors.EVENT_READ)
            selector.register(self._closing, selectors.EVENT_READ)
            while True:
                ready = [key.fileobj for key, _ in selector.select()]
                if self._closing in ready:
                    return
                try:
                    peer, _ = self._listening.accept()
                except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                    continue
                except OSError:  # no more files may be open: they wait where they are
                    select.select([self._closing], [], [], TRY_AGAIN)
                    continue
                with contextlib.suppress(OSError):
                    _greet(peer)
                self._let_in(peer)


def _greet(peer: socket.socket) -> None:
    peer.settimeout(BEGINS)
    if peer.recv(len(WAITS), socket.MSG_PEEK) == WAITS:
        peer.sendall(HERE)
