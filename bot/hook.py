"""``wingman-hook``: what an agent's hook runs. Standard library only; it must start fast.

In this version a hook is a hint where to look, and never answers for a person. Whatever goes
wrong it prints nothing and ends with 0, which agents take as *no decision*: their own dialog
stays (Claude Code 2.1.329)."""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

WITHIN = 0.5
"""Seconds for each step of the exchange: an agent must not wait for us."""


def socket_path(environment: Mapping[str, str], told: str = "") -> Path:
    """Where the gateway of the same settings listens. A test holds the name against theirs.

    ``told``: the state directory, as whoever set up the hook knew it."""
    given = told or environment.get("WINGMAN_STATE_DIR")
    base = environment.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return (Path(given) if given else Path(base) / "wingman") / "wingman.sock"


def request(pane: str) -> bytes:
    body = json.dumps({"pane": pane}).encode()
    head = (
        "POST /api/nudge HTTP/1.1\r\nHost: wingman\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body


def nudge(path: Path, pane: str) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(WITHIN)
        connection.connect(str(path))
        connection.sendall(request(pane))
        connection.recv(1)


def main() -> int:
    pane = os.environ.get("TMUX_PANE", "")
    if pane.startswith("%"):
        try:
            nudge(socket_path(os.environ, *sys.argv[1:2]), pane)
        except (OSError, ValueError):
            return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
