"""What a person typed, as a command and its arguments. Nothing here knows any command."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """``rest`` is everything after the command word, as typed."""

    command: str
    rest: str


_COMMAND = re.compile(r"\s*/?((?a:[A-Za-z][\w-]*))(?a:@\w+)?(?=\s|$|[:,])\s*[:,]?\s*")


def split_command(text: str) -> Words | None:
    """The first word, lower-cased, without ``/`` and ``@bot``; None when there is no word."""
    found = _COMMAND.match(text)
    if found is None:
        return None
    return Words(found[1].lower(), text[found.end() :].strip())


_QUOTES = "'\"`\u201c\u201d\u2018\u2019"


def first_word(text: str) -> tuple[str, str]:
    """The first word (quotes and a trailing colon taken off) and the rest."""
    parts = text.split(None, 1)
    if not parts:
        return "", ""
    word = parts[0].rstrip(":,").strip(_QUOTES).rstrip(":,")
    return word, parts[1].strip() if len(parts) > 1 else ""


def numbers(text: str) -> tuple[int, ...] | None:
    """``2``, ``1,3`` or ``1 3`` as row numbers; None when it is anything else."""
    parts = re.split(r"\s*[,;]\s*|\s+", text.strip())
    if not all(re.fullmatch(r"\d{1,3}", part, re.ASCII) for part in parts):
        return None
    return tuple(dict.fromkeys(int(part) for part in parts))


def nearest(word: str, known: Iterable[str]) -> list[str]:
    """Up to three known words that were probably meant."""
    return difflib.get_close_matches(word.lower(), sorted(known), n=3, cutoff=0.55)


_SPAN = re.compile(r"(\d{1,6})\s*(s|m|min|h|d)?$", re.ASCII)
_SECONDS = {"s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400, None: 60}


def seconds(text: str) -> int | None:
    """``30m``, ``1h``, ``45`` (minutes) in seconds; None when it is no span of time."""
    found = _SPAN.match(text.strip().lower())
    return int(found[1]) * _SECONDS[found[2]] if found else None
