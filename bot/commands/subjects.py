"""The agents that ``doctor --deep`` can try: a file for each in ``bot/canary/subjects``."""

from __future__ import annotations

from functools import cache

from bot.canary.subject import Subject
from bot.registry import leaves


@cache
def subjects() -> dict[str, Subject]:
    """By agent id."""
    found: dict[str, Subject] = leaves("bot.canary.subjects", "SUBJECT")
    return {subject.agent: subject for subject in found.values()}
