"""What of a person's text may be typed: letters and line breaks, never a key."""

from __future__ import annotations

import re
import unicodedata

# tmux 3.3a passes an end-of-paste mark inside a paste through: what follows would be typed live.
_PASTE_MARK = re.compile("(?:\x1b\\[|\x9b)20[01]~")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


_PICKS = re.compile(r"[@/$#\\]\S*$")
"""A last word that opens a list of names below the input box, where Enter takes one of them
instead of sending (Claude Code 2.1.197: ``@``; Codex 0.169.0: ``@``, ``$``; OpenCode 1.18.33:
``@``), or another command than was written (``/comp`` ran ``/compact`` in all three); and, at the
very end, the backslash that makes Enter a line end (Claude Code)."""


_IMAGE = re.compile(r"\.(?:png|jpe?g|gif|webp|bmp)$", re.IGNORECASE)
"""Claude Code 2.1.197 takes the path of an image at the end of a paste out of the text, and puts
the image itself in front of it."""


def as_message(text: str) -> bytes:
    """``typable``, and nothing but a message to the agent's input box.

    With a blank before it ``!`` is a letter: as the first character it turns the box of Claude
    Code, Codex and aider into that of a shell, and Enter would run the rest without a question.
    With a blank behind it a last word is written out, and Enter sends what stands there. A path
    that is not the last word stays one.
    """
    typed = typable(text).decode().strip()
    before = " " if typed.startswith("!") else ""
    after = " " if _PICKS.search(typed) else ""
    after = " (file)" if _IMAGE.search(typed) else after
    return f"{before}{typed}{after}".encode()


def typable(text: str) -> bytes:
    """UTF-8 in NFC without control characters, except line feed and tab.

    Line ends become line feeds; marks of a bracketed paste go as a whole, the rest of an escape
    sequence stays behind as harmless letters. Half of a surrogate pair is dropped.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _CONTROL.sub("", _PASTE_MARK.sub("", text))
    return unicodedata.normalize("NFC", text).encode("utf-8", "ignore")
