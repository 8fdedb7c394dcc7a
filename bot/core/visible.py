"""Nothing that an agent shows may hide: characters that do not show are written out."""

from __future__ import annotations

import re
import unicodedata

_HIDDEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Co", "Cn", "Cs"})
_BLANK_RUN = re.compile(r" {9,}")
# Default-ignorable, though their category says letter or mark (Unicode 16, DerivedCoreProperties).
_IGNORABLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\u2800")


def _hidden(char: str) -> bool:
    if char in "\n\t":
        return False
    if char in _IGNORABLE or unicodedata.category(char) in _HIDDEN:
        return True
    code = ord(char)
    is_selector = 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF
    odd_blank = unicodedata.category(char) == "Zs" and char != " "
    return is_selector or odd_blank


def reveal(text: str) -> str:
    """The same text with every hidden character as ``⟨U+202E⟩`` and long runs of blanks counted.

    The marks' own brackets are doubled, so that no text can pretend to hold a mark."""
    text = text.replace("⟨", "⟨⟨")
    shown = "".join(f"⟨U+{ord(char):04X}⟩" if _hidden(char) else char for char in text)
    return _BLANK_RUN.sub(lambda run: f"⟨{len(run.group())} blanks⟩", shown)


def has_hidden(text: str) -> bool:
    return any(_hidden(char) for char in text)
