"""How Claude Code draws a plan that is longer than its place on the screen."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.layout import is_inner_rule
from bot.core.prompts import Kind, Prompt


def is_drawn_on(rows: Sequence[str], prompt: Prompt) -> bool:
    """2.1.329 draws a plan that scrolls without its arrows at first: the frame does not close."""
    if prompt.kind is not Kind.PLAN or not prompt.complete:
        return False
    start, end = prompt.span
    below = (at for at in range(end - 1, start, -1) if is_inner_rule(rows[at], "─"))
    text = [row for row in rows[start + 1 : next(below, start)] if row.strip()]
    return bool(text) and not is_inner_rule(text[-1], "╌")
