"""What aider prints when its provider does not answer (0.86.2): the error of its library, what it
means, and either that it tries again or, below the next rule, the line for the next message.

It tries for about a minute, and prints the error anew each time."""

from __future__ import annotations

import re
from collections.abc import Sequence

_BEGINS = re.compile(r"[^\w]*litellm\.\w+: .*")
_FAILS = re.compile(
    r"[^\w]*litellm\.(?P<kind>\w+): (?:litellm\.)?(?:(?P=kind): )?"
    r"(?:\w+Excep\w*(?: \w+)? - )?(?P<what>.+)"
)
"""A narrow pane cuts the provider's name in two."""
_AGAIN = re.compile(r"(?P<what>.+?) Retrying in [\d.]+ seconds\.\.\.")
_MOST = 12
"""Rows of an error in a narrow pane."""
_LONGEST = 200


def tries_again(rows: Sequence[str]) -> str:
    """Why, while it waits for another answer; ``rows``: those above the line that says so."""
    again = _AGAIN.fullmatch(_last_error(rows))
    return again["what"][:_LONGEST] if again else ""


def gave_up(rows: Sequence[str]) -> str:
    """What ended the last turn; ``rows``: those above the line for the next message."""
    error = _last_error(rows)
    return "" if _AGAIN.fullmatch(error) else error[:_LONGEST]


def _last_error(rows: Sequence[str]) -> str:
    """Only where nothing else was printed below it: neither an empty row nor a prompt."""
    block: list[str] = []
    for row in reversed(rows[-_MOST:]):
        if not row.strip():
            break
        block.insert(0, row.strip())
        if _BEGINS.fullmatch(row):
            found = _FAILS.fullmatch(" ".join(block))
            return found["what"] if found else ""
    return ""
