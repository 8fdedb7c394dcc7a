"""``wingman-hook``: what an agent's hook runs. Standard library only; it must start fast.

It hands what the agent gave it to the gateway, and waits only where the agent asks for leave. What
the gateway answers is printed if it has the shape of a decision. Whatever goes wrong it prints
nothing and ends with 0, which agents take as *no decision*: their own dialog stays, or comes
(Claude Code 2.1.329, Codex 0.169.0).

Both sides of the exchange are lines of JSON (``docs/reference/hook-protocol.md``).
"""

from __future__ import annotations

import _json  # ``json`` brings ``re`` and ``enum`` along: more than half of what the start takes
import _socket  # half the start of ``socket``, and all that is needed of it
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:  # these two are slow to start
    from collections.abc import Mapping
    from typing import Any

VERSION = 1
ASKS = "PermissionRequest"
STEP = 0.25
"""Seconds to hand the event over: an agent must not wait for us."""
HERE = 0.04
"""Seconds until a gateway that is alive says that it is there, however busy it may be."""
HEARD = 1.0
"""Seconds until it has the question, too."""
QUIET = 15.0
"""Seconds without a sign of life after which the gateway counts as hanging."""
WHOLE = 590.0
"""Seconds for a person to decide: agents give up on a hook after 600."""
LONGEST = 4 * 1024 * 1024
"""Bytes of an event, or of an answer: more than that is the screen's to show."""


class _Plain:
    """How the scanner of the standard library is to read: as ``json.loads`` does."""

    strict = True
    object_hook = None
    object_pairs_hook = None
    parse_float = float
    parse_int = int
    parse_constant = float
    memo: Mapping[str, str] = {}


_scan = _json.make_scanner(_Plain)  # type: ignore[arg-type]  # typeshed asks for a scanner
_encode = _json.make_encoder(
    None, repr, _json.encode_basestring_ascii, None, ": ", ", ", False, False, True
)


def parsed(line: bytes) -> object:
    """Raises ValueError for what is no JSON."""
    text = line.decode().strip(" \t\r\n")
    try:
        document, end = _scan(text, 0)
    except StopIteration:
        raise ValueError("no JSON") from None
    if end != len(text):
        raise ValueError("more than JSON")
    return document


def written(document: object) -> str:
    return "".join(_encode(document, 0))


def socket_path(environment: Mapping[str, str], told: str = "") -> str:
    """Where the gateway of the same settings listens. A test holds the name against theirs.

    ``told``: the state directory, as whoever set up the hook knew it."""
    home = os.path.expanduser("~")
    base = environment.get("XDG_STATE_HOME") or os.path.join(home, ".local", "state")
    given = told or environment.get("WINGMAN_STATE_DIR") or os.path.join(base, "wingman")
    return os.path.join(given, "hook.sock")


def peer_uid(connection: _socket.socket) -> int:
    """Who listens there, as the kernel says."""
    if sys.platform == "darwin":  # struct xucred: version, uid, …
        given = connection.getsockopt(0, 1, 76)
        return int.from_bytes(given[4:8], sys.byteorder)
    given = connection.getsockopt(_socket.SOL_SOCKET, _socket.SO_PEERCRED, 12)
    return int.from_bytes(given[4:8], sys.byteorder)


class Line:
    """One connection, line by line. Everything on it has its time. Raises OSError, ValueError."""

    def __init__(self, path: str) -> None:
        self._connection = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
        self._connection.settimeout(STEP)
        self._connection.connect(path)
        self._rest = b""
        if peer_uid(self._connection) != os.geteuid():
            raise ValueError("somebody else listens there")

    def say(self, document: Mapping[str, object]) -> None:
        self._connection.settimeout(STEP)
        self._connection.sendall(written(document).encode() + b"\n")

    def hear(self, seconds: float) -> dict[str, Any] | None:
        """The next line; None when the gateway has nothing more to say."""
        self._connection.settimeout(seconds)
        while b"\n" not in self._rest:
            more = self._connection.recv(65536)
            if not more or len(self._rest) > LONGEST:
                return None
            self._rest += more
        line, _, self._rest = self._rest.partition(b"\n")
        document = parsed(line)
        return document if isinstance(document, dict) else None


def waited(line: Line, event: str) -> str:
    """The answer as it is to be printed; empty for none."""
    end = now() + WHOLE
    patience = HERE
    while (left := end - now()) > 0:
        said = line.hear(min(patience, left))
        if said is None or said.get("v") != VERSION:
            return ""
        if "print" in said:
            return written(said["print"]) if is_decision(said["print"], event) else ""
        patience = HEARD if "here" in said else QUIET
    return ""


def now() -> float:
    return os.times().elapsed


def is_decision(given: object, event: str) -> bool:
    """What an agent takes for one, nothing more and nothing less."""
    if not isinstance(given, dict) or set(given) != {"hookSpecificOutput"}:
        return False
    output = given["hookSpecificOutput"]
    if not isinstance(output, dict) or set(output) != {"hookEventName", "decision"}:
        return False
    decision = output["decision"]
    if output["hookEventName"] != event or not isinstance(decision, dict):
        return False
    kinds = _FIELDS.get(str(decision.get("behavior")), {})
    return bool(kinds) and all(
        isinstance(value, kinds.get(name, ())) for name, value in decision.items()
    )


_FIELDS: dict[str, dict[str, type]] = {
    "allow": {"behavior": str, "updatedInput": dict, "updatedPermissions": list},
    "deny": {"behavior": str, "message": str, "interrupt": bool},
}


def exchange(path: str, given: bytes, environment: Mapping[str, str]) -> None:
    event = parsed(given)
    if not isinstance(event, dict):
        return
    name = str(event.get("hook_event_name", ""))
    waits = name == ASKS
    line = Line(path)
    line.say(
        {
            "v": VERSION,
            "waits": waits,
            "pane": environment.get("TMUX_PANE", ""),
            "tmux": environment.get("TMUX", ""),
            # Claude Code 2.1.197 does not say it. We stand in its shell's place: our parent
            # is the agent. Where something stands in between, no account of it is found.
            "pid": environment.get("CLAUDE_PID") or str(os.getppid()),
            "event": event,
        }
    )
    if not waits:
        return
    answer = waited(line, name)
    if answer:
        printed(answer)
    line.say({"v": VERSION, "printed": bool(answer)})


def printed(answer: str) -> None:
    rest = answer.encode() + b"\n"
    while rest:
        rest = rest[os.write(1, rest) :]


def main() -> int:
    if not os.environ.get("TMUX_PANE", "").startswith("%"):
        return 0
    try:
        given = sys.stdin.buffer.read(LONGEST + 1)
        if len(given) <= LONGEST:
            exchange(socket_path(os.environ, *sys.argv[1:2]), given, os.environ)
    except (OSError, ValueError, RecursionError):
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
