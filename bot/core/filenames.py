"""Names for files that other people named."""

from __future__ import annotations

import hashlib
import re
import unicodedata

LONGEST = 60
"""Characters of a name without its ending: at most 240 bytes, and file systems take 255."""

_ODD = re.compile(r"[^\w.-]+")
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,10}$")


def safe_name(given: str, origin: str = "") -> str:
    """One plain word: no path, no blank, no control character, nothing a shell would read.

    With an ``origin`` its mark is part of the name: the same one gives the same name, and two
    files called ``photo.jpg`` are two."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", given))[-1]
    # A lone surrogate, as providers may send it, has no place in a path.
    word = _ODD.sub("-", last.encode("utf-8", "replace").decode())
    ending = _ENDING.search(word)
    suffix = ending[0] if ending and ending.start() > 0 else ""
    stem = word.removesuffix(suffix).strip(".-_")[:LONGEST].rstrip(".-_") or "file"
    mark = "-" + hashlib.sha256(origin.encode()).hexdigest()[:8] if origin else ""
    return f"{stem}{mark}{suffix}"
