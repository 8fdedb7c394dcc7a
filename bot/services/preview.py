"""What a look would lead to, before anything is done about it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.decide import decide
from bot.core.effects import ClosePrompt, Effect, OpenPrompt, ReportSignal
from bot.core.sessions import Session
from bot.services.looking import Eyes, Look
from bot.services.newcomers import Newcomers
from bot.services.roster import Roster

_TELLING = (OpenPrompt, ReportSignal)


def tells_of(effects: Sequence[Effect]) -> bool:
    """Whether a person is told something new."""
    return any(isinstance(effect, _TELLING) for effect in effects)


class Preview:
    def __init__(self, roster: Roster, eyes: Eyes, newcomers: Newcomers) -> None:
        self._roster = roster
        self._eyes = eyes
        self._newcomers = newcomers

    def tells(self, known: Session, look: Look) -> bool:
        """Whether it is something new for a person, and takes nothing back."""
        effects = self._effects(known, look)
        return tells_of(effects) and not any(isinstance(one, ClosePrompt) for one in effects)

    def needs_no_other(self, known: Session, look: Look) -> bool:
        """It shows nothing new but signals, and they were printed: a line that a program wrote
        is there as a whole. What an agent draws may be half there for a moment."""
        effects = self._effects(known, look)
        only_signals = all(isinstance(effect, ReportSignal) for effect in effects)
        return bool(effects) and only_signals and self._eyes.prints(look)

    def _effects(self, known: Session, look: Look) -> Sequence[Effect]:
        session = self._roster.get(known.name)
        if session is None or look.half:
            return ()
        seen = self._eyes.observed(look, self._newcomers.stood(session.pane))
        return decide(session, seen)[1]
