"""What the words of a row mean. A label that no table knows has no meaning, and is not pressed."""

from __future__ import annotations

import re

from bot.core.prompts import Role

RoleTable = tuple[tuple[Role, re.Pattern[str]], ...]


def role_table(*entries: tuple[Role, str]) -> RoleTable:
    """Patterns for whole labels in ``plain`` form; the first that fits counts."""
    return tuple((role, re.compile(pattern)) for role, pattern in entries)


def role_in(table: RoleTable, label: str) -> Role | None:
    return next((role for role, pattern in table if pattern.fullmatch(label)), None)


def plain(label: str) -> str:
    """Lower case, straight quotes, single blanks: agents mix typographic and plain quotes."""
    return " ".join(label.replace("\u2019", "'").lower().split())
