"""Several answers to one question, ticked by taps: the card holds them until they are submitted.

The ticks are in the buttons themselves, so that nothing has to be remembered, and no key goes to
the agent before all of them are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.core.errors import Refused
from bot.core.prompts import Choice, Prompt

NONE = "none"
"""Instead of numbers: no row is ticked."""
_TICKED, _OPEN = "☑ ", "☐ "


def ticked(prompt: Prompt) -> tuple[int, ...]:
    return tuple(choice.n for choice in prompt.choices if choice.checked)


def marked(prompt: Prompt, rows: Sequence[int]) -> Prompt:
    """As it would look with exactly these rows ticked. Raises Refused."""
    boxes = [choice.n for choice in prompt.choices if choice.checked is not None]
    missing = [str(row) for row in rows if row not in boxes]
    if missing or not boxes:
        raise Refused(f"row {', '.join(missing) or '0'} has no box to tick")
    choices = (
        choice if choice.checked is None else replace(choice, checked=choice.n in rows)
        for choice in prompt.choices
    )
    return replace(prompt, choices=tuple(choices))


def box(choice: Choice) -> str:
    """Before its label; empty for a row that cannot be ticked."""
    if choice.checked is None:
        return ""
    return _TICKED if choice.checked else _OPEN


def on_tap(prompt: Prompt, choice: Choice, code: str) -> str:
    """The command of that row's button: tick it or not, or send what is ticked."""
    rows = ticked(prompt)
    if choice.checked is None:
        return f"choose {code} {_listed(rows) if rows else choice.n}"
    toggled = sorted({*rows} ^ {choice.n})
    return f"mark {code} {_listed(toggled)}"


def _listed(rows: Sequence[int]) -> str:
    return ",".join(map(str, rows)) or NONE
