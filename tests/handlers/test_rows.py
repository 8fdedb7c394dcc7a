"""A question whose agent shows two rows of its list at a time."""

from __future__ import annotations

from bot.core.approvals import PromptState
from bot.core.press import Press
from bot.core.prompts import Role
from tests.handlers.test_choose import COLOURS
from tests.support.faketmux import FakePane
from tests.support.phone import Bubble
from tests.support.world import World

ASKED = "question: Which colour?"
MANY = (
    *((Role.ANSWER, name) for name in ("Red", "Green", "Blue", "Grey")),
    (Role.OTHER, "Something else"),
)
UP, DOWN = b"\x1b[A", b"\x1b[B"


async def asked(world: World) -> tuple[FakePane, Bubble]:
    pane = world.session("shop")
    pane.agent.window = 2
    world.asks(pane, ASKED, rows=MANY)
    return pane, await world.card("Which colour?")


async def test_all_rows_are_shown_on_the_card_and_none_is_chosen(world: World) -> None:
    pane, card = await asked(world)
    assert "2. Green" in card.text
    assert "Blue" not in card.text
    assert "Its list goes on" in card.text
    shown = len(world.phone.bubbles)

    await world.phone.taps(card, "Show all rows")
    await world.soon(lambda: "4. Grey" in card.text or None, "all rows on the card")

    assert "3. Blue" in card.text
    assert "Its list goes on" not in card.text
    assert "Show all rows" not in [button.label for button in card.notice.buttons]
    assert len(world.phone.bubbles) == shown
    assert (pane.agent.keys, pane.agent.caret) == ([DOWN] * 4 + [UP] * 4, 0)
    assert pane.agent.done == []

    await world.phone.taps(card, "Grey")
    await world.reply("✓ Session 'shop' answered: Grey")
    assert pane.agent.done == [("answer", ASKED, "Grey")]


async def test_who_looked_is_in_the_ledger_and_the_prompt_stays_open(world: World) -> None:
    _, card = await asked(world)
    code = card.notice.code
    await world.phone.says(f"rows {code}")
    await world.soon(lambda: "4. Grey" in card.text or None, "all rows on the card")
    record = await world.record(code)
    assert record.state is PromptState.OPEN
    rows = [(choice.n, choice.role) for choice in record.prompt.choices]
    assert rows == [(n, role) for n, (role, _) in enumerate(MANY, 1)]
    async with world.store.snapshot() as tx:
        done = await tx.audit.since(None)
    seen = [row for row in done if row.event == "prompt.rows_seen"]
    assert [row.actor for row in seen] == ["fake:7001"]
    assert {row.actor for row in done if row.event == "key.pressed"} == {"fake:7001"}


async def test_a_row_out_of_sight_is_no_answer_and_words_are(world: World) -> None:
    pane, card = await asked(world)
    code = card.notice.code
    told = await world.hears(f"choose {code} 4")
    assert "row 4 has not been in sight" in told.text.lower()
    assert pane.agent.keys == []

    await world.hears(f"answer {code} Ochre")
    assert pane.agent.done == [("other", ASKED, "Ochre")]


async def test_a_short_list_is_on_its_card_already(world: World) -> None:
    pane = world.session("shop")
    world.asks(pane, ASKED, rows=COLOURS)
    code = (await world.card("Which colour?")).notice.code
    told = await world.hears(f"rows {code}")
    assert "All of its rows are on its card" in told.text
    assert pane.agent.keys == []


async def test_a_settled_question_is_not_looked_through(world: World) -> None:
    pane, card = await asked(world)
    code = card.notice.code
    await world.hears(f"choose {code} 1")
    keys = len(pane.agent.keys)
    assert "is settled already" in (await world.hears(f"rows {code}")).text
    assert len(pane.agent.keys) == keys


async def test_a_dialog_that_is_replaced_meanwhile_gets_no_more_keys(world: World) -> None:
    pane, card = await asked(world)

    def replaces(press: Press) -> None:
        pane.agent.asks[0] = ("rm -rf /", MANY)

    world.tmux.after_press = replaces
    told = await world.hears(f"rows {card.notice.code}")
    assert "not the one you saw" in told.text
    assert pane.agent.keys == [DOWN]
    assert pane.agent.done == []
