"""What of a person's text may be typed: letters and line breaks, never a key."""

from __future__ import annotations

import re
import unicodedata

# tmux 3.3a passes an end-of-paste mark inside a paste through: what follows would be typed live.
_PASTE_MARK = re.compile("(?:\x1b\\[|\x9b)20[01]~")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def typable(text: str) -> bytes:
    """UTF-8 in NFC without control characters, except line feed and tab.

    Line ends become line feeds; marks of a bracketed paste go as a whole, the rest of an escape
    sequence stays behind as harmless letters. Half of a surrogate pair is dropped.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _CONTROL.sub("", _PASTE_MARK.sub("", text))
    return unicodedata.normalize("NFC", text).encode("utf-8", "ignore")
