"""A dialog that its agent draws once more, with better words for what it would allow for good.

Claude Code 2.1.197 and 2.1.329 first offer "don't ask again for: mkfifo *" and 0.1 to 0.4 s later,
in the same dialog, "… for: mkfifo ran_it *"."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.core.grants import grants_pattern
from bot.core.prompts import Prompt, asked_body, squeezed

SETTLES_WITHIN = timedelta(seconds=2)
"""From the first sight of a dialog. Whatever changes later is another one."""
READ_WITHIN = timedelta(seconds=4)
"""A grant that changed so short a time ago may not be the one that a person has read."""


def without_patterns(prompt: Prompt) -> Prompt:
    """To compare by: for whoever chose another row it is the same dialog."""
    rows = [replace(row, label="") if grants_pattern(row) else row for row in prompt.choices]
    return replace(prompt, choices=tuple(rows))


def is_redraw(before: Prompt, after: Prompt) -> bool:
    """The same question with the same rows, but for the pattern of a grant."""
    return _asks(without_patterns(before)) == _asks(without_patterns(after))


def _asks(prompt: Prompt) -> tuple[object, ...]:
    return (
        prompt.kind,
        prompt.tool,
        squeezed(prompt.subject),
        squeezed(prompt.question),
        squeezed(asked_body(prompt)),
        prompt.complete,
        [(row.role, squeezed(row.label)) for row in prompt.choices],
    )
