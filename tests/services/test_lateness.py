"""What people wrote while nobody was there, and what became of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.core.errors import Refused
from bot.services.lateness import could_know, refuse_old, refuse_reused
from tests.support.ledger_rows import NOW, prompt_record
from tests.support.phone import ANN
from tests.support.virtual import skip, virtual
from tests.support.world import World, running

LONG = 5 * 3600.0
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("minutes", "said"), [(31, "31 minutes"), (180, "3 hours"), (3 * 1440, "3 days")]
)
def test_how_old_it_is_stands_in_the_refusal(minutes: int, said: str) -> None:
    with pytest.raises(Refused, match=f"you wrote that {said} ago, while I was away"):
        refuse_old(NOW - timedelta(minutes=minutes), NOW)


def test_what_is_young_or_has_no_time_is_taken() -> None:
    for at in (None, NOW, NOW - timedelta(minutes=30), NOW + timedelta(minutes=30)):
        refuse_old(at, NOW)


def test_a_code_holds_for_the_prompt_that_was_asked_then() -> None:
    record = replace(prompt_record(), opened_at=NOW)
    for at in (None, NOW, NOW - timedelta(minutes=2)):
        refuse_reused(at, record)
    with pytest.raises(Refused, match=r"you wrote that before .+ was asked"):
        refuse_reused(NOW - timedelta(minutes=3), record)


@pytest.mark.parametrize(
    ("at", "known"),
    [(None, True), (NOW, True), (NOW - SECOND, True), (NOW - 2 * SECOND, False)],
)
def test_providers_cut_off_what_is_less_than_a_second(at: datetime | None, known: bool) -> None:
    assert could_know(at, NOW) is known


@virtual
async def test_a_decision_of_hours_ago_presses_nothing_and_a_fresh_one_does(
    tmp_path: Path,
) -> None:
    async with running(World(tmp_path)) as world:
        pane, card = await world.asked()
        written = world.clock.now() + timedelta(seconds=10)
        skip(LONG - 60)
        await world.passes(60)

        for words in ("approve shop", f"approve {card.notice.code}", "tell shop go on"):
            told = await world.hears(words, sent_at=written)
            assert "You wrote that 4 hours ago, while I was away" in told.notice.title
        told = await world.hears("approve", reply_to=card.ref, sent_at=written)
        assert "so nothing was done" in told.notice.title
        assert (pane.agent.keys, pane.agent.said) == ([], [])

        asked = await world.hears("pending", sent_at=written)
        assert card.notice.code in asked.text
        told = await world.hears("approve shop", sent_at=world.clock.now())
        assert told.notice.title == "✓ Session 'shop' approved (once)"


@virtual
async def test_what_was_said_to_the_question_before_is_none_to_the_next(tmp_path: Path) -> None:
    """Ann approves by name; before it comes in, the question has been answered at the terminal
    and the next one been sent to her."""
    async with running(World(tmp_path)) as world:
        pane, first = await world.asked("make one")
        await world.passes(60)
        written = world.clock.now()
        await world.passes(5)
        pane.agent.feed(b"\r")
        world.tmux.wrote(pane)
        await world.soon(lambda: first.notice.code not in _open(world) or None, "the end of it")
        world.asks(pane, "make two")
        second = await world.card("make two")
        pressed = list(pane.agent.keys)
        await world.passes(5)

        told = await world.hears("approve shop", sent_at=written)
        code = second.notice.code
        assert told.notice.title == (
            f"✗ Session 'shop' asked {code} after you wrote that, so nothing was pressed: "
            f"look at {code} first"
        )
        assert pane.agent.keys == pressed
        told = await world.hears("approve shop", sent_at=world.clock.now())
        assert told.notice.title == "✓ Session 'shop' approved (once)"


@virtual
async def test_a_code_guessed_before_it_was_given_opens_nothing(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane, card = await world.asked()
        written = world.clock.now() - timedelta(minutes=5)
        told = await world.hears(f"approve {card.notice.code}", sent_at=written, user=ANN)
        assert "You wrote that before" in told.notice.title
        assert pane.agent.keys == []


def _open(world: World) -> set[str]:
    return {bubble.notice.code for bubble in world.phone.cards()}
