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
        self._lines: list[bytes] = []

    def feed(self, data: bytes) -> list[Message]:
        *lines, self._rest = (self._rest + data).split(b"\n")
        return [message for line in lines for message in self._line(line)]

    def _line(self, line: bytes) -> list[Message]:
        if self._header is None:
            return self._outside(line)
        rest = b" ".join(self._header)
        if line in (b"%end " + rest, b"%error " + rest):
            block = self._block(ok=line.startswith(b"%end"))
            self._header, self._lines = None, []
            return [block]
        self._lines.append(line)
        return []

    def _block(self, *, ok: bool) -> Block:
        assert self._header is not None
        _, number, flags = self._header
        lines = tuple(line.decode("utf-8", "replace") for line in self._lines)
        return Block(int(number), lines, ok, ours=int(flags) & 1 == 1)

    def _outside(self, line: bytes) -> list[Message]:
        if begin := _BEGIN.fullmatch(line):
            self._header = begin.groups()
            return []
        if output := _OUTPUT.fullmatch(line):
            pane = output[1] or output[2]
            return [Output(pane.decode(), unescaped(output[3]))]
        if not line.startswith(b"%"):
            return []
        name, _, args = line[1:].decode("utf-8", "replace").partition(" ")
        return [Exit(args)] if name == "exit" else [Notification(name, args)]


def unescaped(data: bytes) -> bytes:
    r"""Bytes below 32 and the backslash come as ``\ooo``."""
    return _OCTAL.sub(lambda octal: bytes([int(octal[1], 8)]), data)
