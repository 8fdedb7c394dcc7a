"""Nothing that an agent shows may hide: characters that do not show are written out."""

from __future__ import annotations

import re
import unicodedata

_HIDDEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Co", "Cn", "Cs"})
# Default-ignorable, though their category says letter or mark (Unicode 16, DerivedCoreProperties).
_IGNORABLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0")
_WITHOUT_INK = frozenset("\u2800")
# Shorter runs lay text out; longer ones push what follows out of sight.
_BLANKS = {" ": "blanks", "\t": "tabs"}
_BLANK_RUN = re.compile(r"[ \t]{9,}")
_EMPTY_LINES = re.compile(r"\n(?:[ \t]*\n){4,}")


def _hidden(char: str) -> bool:
    if char in "\n\t":
        return False
    if char in _IGNORABLE | _WITHOUT_INK or unicodedata.category(char) in _HIDDEN:
        return True
    code = ord(char)
    is_selector = 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF
    odd_blank = unicodedata.category(char) == "Zs" and char != " "
    return is_selector or odd_blank


def reveal(text: str) -> str:
    """The same text with every hidden character as ``⟨U+202E⟩`` and long runs of blanks counted.

    The marks' own brackets are doubled, so that no text can pretend to hold a mark, and no two
    texts read the same."""
    text = text.replace("⟨", "⟨⟨")
    shown = "".join(f"⟨U+{ord(char):04X}⟩" if _hidden(char) else char for char in text)
    shown = _EMPTY_LINES.sub(lambda run: _counted_lines(run.group()), shown)
    return _BLANK_RUN.sub(lambda run: _counted_blanks(run.group()), shown)


def screen_text(text: str) -> str:
    """A whole screen to look at, on which nothing is decided: blanks stay blanks, and only what
    could rearrange the lines is written out. Agents draw their input box with no-break spaces."""
    plain = text.replace("\u00a0", " ")
    return "".join(f"⟨U+{ord(char):04X}⟩" if _hidden(char) else char for char in plain)


def _counted_lines(run: str) -> str:
    """Empty lines as a number; those with blanks in them one by one."""
    if run.strip("\n"):
        return "\n".join(_counted_blanks(line) for line in run.split("\n"))
    return f"\n⟨{len(run) - 1} empty lines⟩\n"


def _counted_blanks(run: str) -> str:
    groups = re.findall(r" +|\t+", run)
    return "".join(f"⟨{len(group)} {_BLANKS[group[0]]}⟩" for group in groups)


def has_hidden(text: str) -> bool:
    return any(_hidden(char) for char in text)
