"""tmux's control mode, read: bytes in, messages out (tmux(1), CONTROL MODE; tried with 3.3a)."""

from __future__ import annotations

import re
from dataclasses import dataclass

# What a reply holds is any bytes, also lines like these: only the very time, number and flags of
# its %begin end it. A number has at most 19 digits, so that int() never refuses one.
_BEGIN = re.compile(rb"%begin (\d{1,19}) (\d{1,19}) (\d{1,19})")
_OUTPUT = re.compile(rb"%(?:output (%\d+)|extended-output (%\d+) [^:]*:) (.*)", re.DOTALL)
_OCTAL = re.compile(rb"\\([0-3][0-7]{2})")


@dataclass(frozen=True, slots=True)
class Block:
    """The reply to one command."""

    number: int
    lines: tuple[str, ...]
    ok: bool
    ours: bool = True
    """To a line this client wrote; not to the attach itself or to a hook of the user's."""


@dataclass(frozen=True, slots=True)
class Notification:
    """``%name args``."""

    name: str
    args: str = ""


@dataclass(frozen=True, slots=True)
class Output:
    """What a pane wrote; a client with ``no-output`` gets none."""

    pane: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Exit:
    reason: str = ""


Message = Block | Notification | Output | Exit


class ControlParser:
    """Gives the same messages however the bytes are cut, and takes any bytes."""

    def __init__(self) -> None:
        self._rest = b""
        self._header: tuple[bytes, ...] | None = None
        self._ends: tuple[bytes, bytes] = (b"", b"")
        self._searched = 0
        """So many bytes of the rest hold no end of the block that has begun."""

    def feed(self, data: bytes) -> list[Message]:
        self._rest += data
        found: list[Message] = []
        at = 0
        while True:
            step = self._line(at) if self._header is None else self._block(at)
            if step is None:
                break
            message, at = step
            if message is not None:
                found.append(message)
        self._rest = self._rest[at:]
        return found

    def _line(self, at: int) -> tuple[Message | None, int] | None:
        end = self._rest.find(b"\n", at)
        if end < 0:
            return None
        return self._outside(self._rest[at:end]), end + 1

    def _block(self, at: int) -> tuple[Message, int] | None:
        """Looked for as a whole, not line by line: a screen has fifty of them."""
        assert self._header is not None
        found = [
            (place, ok)
            for end, ok in zip(self._ends, (True, False), strict=True)
            if (place := self._end(end, at)) >= 0
        ]
        if not found:
            self._searched = max(0, len(self._rest) - at - len(self._ends[1]))
            return None
        place, ok = min(found)
        _, number, flags = self._header
        text = self._rest[at : max(at, place - 1)]
        lines = tuple(text.decode("utf-8", "replace").split("\n")) if place > at else ()
        after = place + len(self._ends[not ok])
        self._header, self._searched = None, 0
        return Block(int(number), lines, ok, ours=int(flags) & 1 == 1), after

    def _end(self, line: bytes, at: int) -> int:
        """Where that line stands as a line of its own, from ``at`` on; -1 if nowhere."""
        if self._rest.startswith(line, at):
            return at
        place = self._rest.find(b"\n" + line, at + self._searched)
        return place + 1 if place >= 0 else -1

    def _begin(self, header: tuple[bytes, ...]) -> None:
        self._header = header
        rest = b" ".join(header) + b"\n"
        self._ends = (b"%end " + rest, b"%error " + rest)

    def _outside(self, line: bytes) -> Message | None:
        if begin := _BEGIN.fullmatch(line):
            self._begin(begin.groups())
            return None
        if output := _OUTPUT.fullmatch(line):
            pane = output[1] or output[2]
            return Output(pane.decode(), unescaped(output[3]))
        if not line.startswith(b"%"):
            return None
        name, _, args = line[1:].decode("utf-8", "replace").partition(" ")
        return Exit(args) if name == "exit" else Notification(name, args)


def unescaped(data: bytes) -> bytes:
    r"""Bytes below 32 and the backslash come as ``\ooo``."""
    return _OCTAL.sub(lambda octal: bytes([int(octal[1], 8)]), data)
