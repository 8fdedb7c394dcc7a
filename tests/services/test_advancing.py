"""One step of a session: written, then told."""

from __future__ import annotations

from pathlib import Path

from bot.core.effects import OpenPrompt
from bot.core.events import Vanished
from bot.core.ids import SessionName
from bot.services.advancing import Advancer, Step
from bot.services.roster import Roster
from tests.services.test_ledger import book
from tests.support.playbook import prompt, sees
from tests.support.virtual import VirtualClock, virtual


@virtual
async def test_what_is_told_is_in_the_ledger_already(tmp_path: Path) -> None:
    async with book(tmp_path) as at:
        told: list[Step] = []
        rung: list[bool] = []
        roster = Roster(at.store)
        roster.publish(at.session)
        advancer = Advancer(at.store, roster, at.ledger, lambda: rung.append(True))
        advancer.stepped = told.append

        event = sees(prompt("make"))(VirtualClock().now())
        (step,) = await advancer.advance({at.session.name: event})

        assert roster.get(at.session.name) == step.after
        assert await at.record(step.after.prompt) is not None
        assert told == [step]
        assert step.before == at.session
        assert isinstance(step.effects[0], OpenPrompt)
        assert rung == [True]


@virtual
async def test_a_session_that_is_over_does_not_go_on(tmp_path: Path) -> None:
    async with book(tmp_path) as at:
        roster = Roster(at.store)
        roster.publish(at.session)
        advancer = Advancer(at.store, roster, at.ledger, lambda: None)
        now = VirtualClock().now()
        gone = Vanished(now, "x")
        assert await advancer.advance({SessionName("nobody"): gone}) == []
        assert len(await advancer.advance({at.session.name: gone})) == 1
        assert await advancer.advance({at.session.name: gone}) == []
