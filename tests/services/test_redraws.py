"""A dialog that is drawn once more with other words for its grant: one prompt, one card."""

from __future__ import annotations

from pathlib import Path

from bot.core.approvals import PromptState
from bot.core.prompts import Role
from tests.support.faketmux import FakePane
from tests.support.virtual import virtual
from tests.support.world import World, running

_ASK = "Yes, and don't ask again for: make"
FIRST = ((Role.ALLOW_ONCE, "Yes"), (Role.ALLOW_ALWAYS, f"{_ASK} *"), (Role.DENY, "No"))
THEN = ((Role.ALLOW_ONCE, "Yes"), (Role.ALLOW_ALWAYS, f"{_ASK} a *"), (Role.DENY, "No"))


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
async def test_a_quick_always_waits_until_the_words_have_come_to_rest(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane, card = await world.asked("make a", rows=FIRST)
        begun = world.clock.monotonic()
        await world.hears(f"always {card.notice.code}")
        assert pane.agent.done == [("allow_always", "make a", "")]
        assert world.clock.monotonic() - begun < 4


@virtual
async def test_a_quick_always_for_words_that_change_is_asked_back_with_the_new_ones(
    tmp_path: Path,
) -> None:
    async with running(World(tmp_path)) as world:
        pane, card = await world.asked("make a", rows=FIRST)
        code = card.notice.code
        await world.phone.says(f"always {code}")
        await world.clock.sleep(0.3)
        pane.agent.asks[0] = ("make a", THEN)
        world.tmux.wrote(pane)

        asked = await world.reply("has just got other words")

        assert "for: make a" in asked.text
        assert pane.agent.done == []
        assert (await world.record(code)).state is PromptState.OPEN
        await world.hears(f"always {code} yes")
        assert pane.agent.done == [("allow_always", "make a", "")]


@virtual
async def test_a_quick_always_to_a_dialog_that_was_answered_meanwhile_is_too_late(
    tmp_path: Path,
) -> None:
    async with running(World(tmp_path)) as world:
        pane, card = await world.asked("make a", rows=FIRST)
        await world.phone.says(f"always {card.notice.code}")
        await world.clock.sleep(0.3)
        pane.agent.feed(b"\r")
        world.tmux.wrote(pane)
        await world.reply("settled already")
        assert pane.agent.done == [("allow_once", "make a", "")]


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
