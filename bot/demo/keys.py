"""Bytes from the terminal, as keys.

What one ``send-keys`` sends arrives in one read, and the real agent takes a run of characters in
one read for a paste. So a :class:`Key` is either one key or such a burst.
"""

from __future__ import annotations

from codecs import getincrementaldecoder
from dataclasses import dataclass

PASTE_BEGIN = b"\x1b[200~"
PASTE_END = b"\x1b[201~"

_SEQUENCES = {
    b"\x1b[A": "up", b"\x1bOA": "up", b"\x1b[B": "down", b"\x1bOB": "down",
    b"\x1b[C": "right", b"\x1bOC": "right", b"\x1b[D": "left", b"\x1bOD": "left",
    b"\x1b[H": "home", b"\x1b[F": "end", b"\x1b[Z": "backtab", b"\x1b[3~": "delete",
    b"\x1b[I": "focus", b"\x1b[O": "focus",
}  # fmt: skip
_CONTROLS = {0x0D: "enter", 0x0A: "newline", 0x09: "tab", 0x7F: "backspace", 0x08: "backspace"}


@dataclass(frozen=True, slots=True)
class Key:
    """``name`` is ``char``, ``burst`` or ``paste`` (see ``text``), or the key's own name."""

    name: str
    text: str = ""
    raw: bytes = b""

    @property
    def is_text(self) -> bool:
        return self.name in {"char", "burst", "paste"}


class KeyReader:
    """Splits reads into keys; holds back a sequence or paste that is not whole yet."""

    def __init__(self) -> None:
        self._held = b""

    def feed(self, data: bytes) -> list[Key]:
        rest = self._held + data
        self._held = b""
        keys: list[Key] = []
        while rest:
            key, rest = self._next(rest)
            if key is None:
                self._held = rest
                break
            keys.append(key)
        return keys

    def _next(self, data: bytes) -> tuple[Key | None, bytes]:
        if data.startswith(PASTE_BEGIN):
            return _paste(data)
        if data[0] == 0x1B:
            return _escape(data)
        if data[0] < 0x20 or data[0] == 0x7F:
            name = _CONTROLS.get(data[0], f"ctrl-{chr(data[0] + 0x60)}")
            return Key(name, raw=data[:1]), data[1:]
        return _text(data)


def _paste(data: bytes) -> tuple[Key | None, bytes]:
    end = data.find(PASTE_END)
    if end < 0:
        return None, data
    body = data[len(PASTE_BEGIN) : end]
    whole = end + len(PASTE_END)
    text = body.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    return Key("paste", text, data[:whole]), data[whole:]


def _escape(data: bytes) -> tuple[Key | None, bytes]:
    for sequence, name in _SEQUENCES.items():
        if data.startswith(sequence):
            return Key(name, raw=sequence), data[len(sequence) :]
    if data[1:2] not in {b"[", b"O"}:
        return Key("escape", raw=b"\x1b"), data[1:]
    end = 2
    while end < len(data) and not 0x40 <= data[end] <= 0x7E:
        end += 1
    if end >= len(data):
        return None, data
    return Key("unknown", raw=data[: end + 1]), data[end + 1 :]


def _text(data: bytes) -> tuple[Key | None, bytes]:
    end = next((i for i, byte in enumerate(data) if byte < 0x20 or byte == 0x7F), len(data))
    text = getincrementaldecoder("utf-8")("replace").decode(data[:end])
    used = len(text.encode()) if end == len(data) else end
    if not text:
        return None, data
    return Key("char" if len(text) == 1 else "burst", text, data[:used]), data[used:]
