"""A dialog that its agent draws once more, with better words for what it would allow for good.

Claude Code 2.1.197 and 2.1.329 first offer "don't ask again for: mkfifo *" and 0.1 to 0.4 s later,
in the same dialog, "… for: mkfifo ran_it *"."""

from __future__ import annotations

from datetime import timedelta

from bot.core.prompts import Prompt, Role, asked_body, squeezed

SETTLES_WITHIN = timedelta(seconds=2)
"""From the first sight of a dialog. Whatever changes later is another one."""
READ_WITHIN = timedelta(seconds=4)
"""A grant that changed so short a time ago may not be the one that a person has read."""


def is_redraw(before: Prompt, after: Prompt) -> bool:
    """The same question with the same rows, but for the words of a grant."""
    if _asks(before) != _asks(after) or len(before.choices) != len(after.choices):
        return False
    rows = list(zip(before.choices, after.choices, strict=True))
    return all(
        old.role is new.role
        and (old.role is Role.ALLOW_ALWAYS or squeezed(old.label) == squeezed(new.label))
        for old, new in rows
    )


def _asks(prompt: Prompt) -> tuple[object, ...]:
    return (
        prompt.kind,
        prompt.tool,
        squeezed(prompt.subject),
        squeezed(prompt.question),
        squeezed(asked_body(prompt)),
        prompt.complete,
    )
