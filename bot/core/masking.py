"""Takes secrets and names out of a screen, in place: every row keeps its width and its colours."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

MASK = "x"

_SHAPES = re.compile(
    r"\bsk-[\w-]{12,}"  # OpenAI, Anthropic, OpenRouter
    r"|\b(?:gh[pousr]_|github_pat_)\w{16,}"
    r"|\bglpat-[\w-]{16,}"
    r"|\bxox[abeprs]-[\w-]{10,}"  # Slack
    r"|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"  # AWS
    r"|\bAIza[\w-]{30,}"  # Google
    r"|\b(?:npm_|pypi-|hf_)[\w-]{16,}"
    r"|\bAC[0-9a-f]{32}\b"  # Twilio
    r"|\b\d{6,}:[\w-]{30,}"  # a Telegram bot
    r"|\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"  # JWT
    r"|\b[0-9a-fA-F]{40,}\b"
    r"|(?<![:/\w.+-])[\w.+-]+@[\w-]+\.[\w.-]*\w"  # mail addresses
)
_NAMED = re.compile(
    r"(?i)\b[\w-]*(?:password|passwd|secret|token|api[_-]?key|access[_-]?key|credential)s?"
    r"[\"']?\s*(?:[:=]|\bis\b)\s*[\"']?(?P<value>[^\s\"',;]{4,})"
    r"|\b(?:bearer|basic)\s+(?P<bearer>[\w.~+/=-]{8,})"
    r"|://[^\s/:@]*:(?P<url>[^\s/@]+)@"
)
_ESCAPE = re.compile(
    r"\x1b(?:\[[^@-~]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][0-9A-B])|[\x0e\x0f]"
)


def masked(rows: Sequence[str], words: Iterable[str] = ()) -> tuple[str, ...]:
    """``words``: names of the person and the machine, wherever they stand as whole words."""
    given = [re.escape(word) for word in words if len(word) > 2]
    names = re.compile(rf"\b(?:{'|'.join(given)})\b") if given else None
    return tuple(_row(row, names) for row in rows)


def masked_like(
    ansi: Sequence[str], plain: Sequence[str], clean: Sequence[str]
) -> tuple[str, ...]:
    """The rows with their colours, changed where ``clean`` differs from ``plain``."""
    return tuple(
        _recoloured(row, before, after)
        for row, before, after in zip(ansi, plain, clean, strict=True)
    )


def _row(row: str, names: re.Pattern[str] | None) -> str:
    row = _SHAPES.sub(_hidden, row)
    row = _NAMED.sub(_value_hidden, row)
    return names.sub(_hidden, row) if names else row


def _hidden(found: re.Match[str]) -> str:
    return MASK * len(found.group())


def _value_hidden(found: re.Match[str]) -> str:
    name = str(found.lastgroup)
    start, end = found.start(name) - found.start(), found.end(name) - found.start()
    whole = found.group()
    return whole[:start] + MASK * (end - start) + whole[end:]


def _recoloured(row: str, before: str, after: str) -> str:
    """Escape sequences stay; what is printed between them becomes, letter by letter, the other."""
    if before == after:
        return row
    made, at, place = [], 0, 0
    while at < len(row):
        escape = _ESCAPE.match(row, at)
        if escape:
            made.append(escape.group())
            at = escape.end()
            continue
        made.append(after[place] if place < len(after) else row[at])
        place += 1
        at += 1
    return "".join(made)
