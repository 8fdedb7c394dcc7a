"""A decision on its way, and whether the dialog it was made on still stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from bot.core.answering import same_dialog, same_prompt
from bot.core.errors import Refused
from bot.core.goals import Goal, Mark
from bot.core.press import Refusal
from bot.core.prompts import Prompt
from bot.core.records import PromptRecord
from bot.services.looking import Look


@dataclass(frozen=True, slots=True)
class Drive:
    """One decision on its way: what stood on the screen, what must be reached."""

    record: PromptRecord
    seen: Prompt | None
    aim: Goal
    until: datetime
    missed: list[str] = field(default_factory=list)
    """Keys that tmux did not let in."""

    def still_there(self, look: Look) -> bool:
        return self.seen is not None and still_there(self.seen, look, self.aim)


def why_not(drive: Drive, look: Look, *, first: bool) -> str:
    """Why it is not the dialog that was decided on; empty when it is."""
    now = look.reading.prompt
    if now is None or drive.seen is None:
        return "the dialog is gone"
    same = drive.still_there(look)
    if isinstance(drive.aim, Mark) or first:
        same = same and same_prompt(drive.seen, now, drive.aim)
    return "" if same else str(Refusal.SCREEN_CHANGED)


def still_there(seen: Prompt, look: Look, aim: Goal) -> bool:
    now = look.reading.prompt
    return now is not None and same_dialog(seen, now, aim)


def asked_in(look: Look) -> Prompt:
    if look.reading.prompt is None:
        raise Refused("the dialog is gone")
    return look.reading.prompt


def guarded_rows(look: Look) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The dialog's own rows as captured, and those above them: tmux compares each at its place
    at the moment of the key."""
    rows = look.screen.rows
    first, end = asked_in(look).span
    return rows[first:end], rows[:first]
