from __future__ import annotations

from bot.core.prompts import Role
from tests.handlers.test_choose import BOXES, COLOURS
from tests.support.phone import Bubble
from tests.support.world import World

ASKED = "question: Which tests?"


async def ticks(world: World, card: Bubble, label: str) -> None:
    edits = card.edits
    box = next(b.label for b in card.notice.buttons if b.label[2:] == label)
    await world.phone.taps(card, box)
    await world.soon(lambda: card.edits != edits or None, f"{label} on the card")


async def test_taps_tick_rows_on_the_card_and_submit_sends_them(world: World) -> None:
    pane = world.session("shop")
    world.asks(pane, ASKED, rows=(*BOXES, (Role.OTHER, "Something else")))
    card = await world.card("Which tests?")
    shown = len(world.phone.bubbles)
    for label in ("Unit", "Load", "End to end", "End to end"):
        await ticks(world, card, label)
    assert card.notice.title.endswith("asks a question · ☑ Unit, Load")
    assert "1. ☑ Unit\n2. ☐ End to end\n3. ☑ Load" in card.text
    assert card.notice.attach
    assert pane.agent.keys == []
    assert len(world.phone.bubbles) == shown

    await world.phone.taps(card, "Submit")
    await world.reply("✓ Session 'shop' answered: Unit, Load")
    assert pane.agent.done == [("submit", ASKED, "Unit, Load")]


async def test_a_tick_that_comes_too_late_changes_nothing(world: World) -> None:
    pane = world.session("shop")
    world.asks(pane, ASKED, rows=BOXES)
    card = await world.card("Which tests?")
    late = card.button("☐ Unit")
    await world.hears(f"choose {card.notice.code} 3")
    await world.soon(lambda: not card.notice.buttons or None, "a closed card")
    closed = card.notice
    told = await world.hears(late, reply_to=card.ref)
    assert "is settled already" in told.text
    assert card.notice == closed
    assert len(pane.agent.done) == 1


async def test_only_boxes_are_ticked(world: World) -> None:
    pane = world.session("shop")
    world.asks(pane, ASKED, rows=BOXES)
    code = (await world.card("Which tests?")).notice.code
    assert "Row 4 has no box" in (await world.hears(f"mark {code} 4")).text
    assert "which rows?" in (await world.hears(f"mark {code} all")).text.lower()
    other = world.session("docs")
    world.asks(other, "question: Which colour?", rows=COLOURS)
    code = (await world.card("Which colour?")).notice.code
    assert "has no box" in (await world.hears(f"mark {code} 1")).text
    assert pane.agent.keys == other.agent.keys == []
