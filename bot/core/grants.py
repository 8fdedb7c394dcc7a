"""What a row gives beyond this once, in the agent's own words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.core.prompts import Choice, Prompt, Role, canonical

_APOSTROPHES = "['`\u2018\u2019\u02bc]"
_PATTERN_GRANT = re.compile(f"yes, (?:and )?don{_APOSTROPHES}t ask again for: (.+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Grant:
    """What a row gives beyond this once, in the agent's own words."""

    words: str
    widens: bool
    """More than the command or pattern that stands on the screen."""


def grant(prompt: Prompt, row: Choice) -> Grant | None:
    """None for rows that give nothing beyond this once."""
    if row.role in (Role.ALLOW_AND_CHANGE_MODE, Role.ACCEPT_ALWAYS, Role.DENY_ALWAYS):
        return Grant(row.label, widens=True)
    if row.role is not Role.ALLOW_ALWAYS or row.asks_back:
        return None
    if row.as_shown:
        return Grant(prompt.subject, widens=False)
    found = _PATTERN_GRANT.fullmatch(canonical(row.label))
    narrow = found is not None and _covers_no_more(found[1], canonical(prompt.subject))
    return Grant(row.label, widens=not narrow)


def _covers_no_more(pattern: str, subject: str) -> bool:
    """The very command, or whole first words of it with a star after them."""
    if not pattern.endswith(" *"):
        return pattern == subject
    stem = pattern.removesuffix("*").strip()
    return bool(stem) and f"{subject} ".startswith(f"{stem} ")


def grants_pattern(row: Choice) -> bool:
    is_grant = row.role is Role.ALLOW_ALWAYS
    return is_grant and _PATTERN_GRANT.fullmatch(canonical(row.label)) is not None
