"""A dialog that is drawn once more with other words for its grant: one prompt, one card."""

from __future__ import annotations

from pathlib import Path

from bot.core.approvals import PromptState
from bot.core.prompts import Role
from tests.support.faketmux import FakePane
from tests.support.virtual import virtual
from tests.support.world import World, running

FIRST = ((Role.ALLOW_ONCE, "Yes"), (Role.ALLOW_ALWAYS, "Yes for: make *"), (Role.DENY, "No"))
THEN = ((Role.ALLOW_ONCE, "Yes"), (Role.ALLOW_ALWAYS, "Yes for: make a *"), (Role.DENY, "No"))


async def draws_again(world: World, pane: FakePane, subject: str = "make a") -> None:
    pane.agent.asks[0] = (subject, THEN)
    world.tmux.wrote(pane)
    await world.clock.sleep(0.5)


@virtual
async def test_the_card_stays_and_its_code_decides(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane, card = await world.asked("make a", rows=FIRST)
        code = card.notice.code

        await draws_again(world, pane)

        (record,) = await world.services.approvals.live()
        assert (record.code, record.epoch) == (code, 0)
        assert "make a *" in record.prompt.choices[1].label
        cards = [bubble for bubble in world.phone.bubbles if bubble.notice.code == code]
        assert len(cards) == 1
        assert "make a *" in cards[0].text

        await world.hears(f"approve {code}")
        assert len(pane.agent.done) == 1
        assert (await world.record(code)).state is PromptState.CONFIRMED


@virtual
async def test_always_is_asked_back_while_other_words_may_have_been_read(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane, card = await world.asked("make a", rows=FIRST)
        await draws_again(world, pane)

        answer = await world.hears(f"always {card.notice.code}")

        assert "make a *" in answer.text
        assert pane.agent.done == []
        assert (await world.record(card.notice.code)).state is PromptState.OPEN


@virtual
async def test_what_changes_later_is_another_prompt(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane, card = await world.asked("make a", rows=FIRST)
        await world.clock.sleep(3)

        await draws_again(world, pane)

        assert (await world.record(card.notice.code)).state is PromptState.SUPERSEDED
        (record,) = await world.services.approvals.live()
        assert record.code != card.notice.code


@virtual
async def test_another_question_at_once_is_another_prompt(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane, card = await world.asked("make a", rows=FIRST)

        await draws_again(world, pane, "make b")

        assert (await world.record(card.notice.code)).state is PromptState.SUPERSEDED
