"""Becomes another program, one that ends when its parent ends and cannot be stopped from a
terminal; run as a script of its own.

A control client that outlives a killed parent can wedge the tmux server (3.3a to 3.7c). The bond
is tied here and not in a ``preexec_fn``, which may lock up in a process that has threads.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    parent, *command = arguments
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    # tmux asks a client that it suspends to stop itself, which ours must not.
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTSTP])
    if os.getppid() != int(parent):
        sys.exit("its parent has ended")
    os.execvp(command[0], command)  # noqa: S606  # an argument list, no shell


if __name__ == "__main__":
    main(sys.argv[1:])
