import pytest

from tests.support.toy import YES_ALWAYS_NO
from tests.support.world import World


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("deny shop", ""),
        ("no shop", ""),
        ("/Reject shop use pnpm\ninstead", "use pnpm instead"),
    ],
)
async def test_a_no_and_its_reason_reach_the_agent(world: World, words: str, reason: str) -> None:
    pane = world.session("shop")
    world.asks(pane, "npm test", rows=YES_ALWAYS_NO)
    await world.card("npm test")

    told = await world.hears(words)

    assert told.notice.title == "✓ Session 'shop' denied"
    how = "deny" if reason else "escape"
    assert pane.agent.done == [(how, "npm test", reason)]


@pytest.mark.parametrize(
    ("words", "reason"),
    [("no", ""), ("deny use pnpm", "use pnpm"), ("deny shop use pnpm", "use pnpm")],
)
async def test_a_reply_to_the_card(world: World, words: str, reason: str) -> None:
    pane = world.session("shop")
    world.asks(pane, "npm test")
    card = await world.card("npm test")
    await world.hears(words, reply_to=card.ref)
    assert [done[2] for done in pane.agent.done] == [reason]


async def test_the_button_of_a_card_brings_no_reason_along(world: World) -> None:
    pane = world.session("shop")
    world.asks(pane, "npm test")
    card = await world.card("npm test")
    told = await world.hears(card.button("Deny"), reply_to=card.ref)
    assert told.notice.title == "✓ Session 'shop' denied"
    assert pane.agent.done == [("escape", "npm test", "")]


async def test_words_that_are_not_kept_any_more(world: World) -> None:
    pane = world.session("shop")
    world.asks(pane, "npm test")
    code = (await world.card("npm test")).notice.code
    told = await world.hears(f"deny {code} ↩")
    assert told.notice.title == (
        "✗ I don't have those words any more: type deny CODE and the reason"
    )
    assert pane.agent.keys == []


async def test_a_reason_too_long_for_a_button_is_not_lost_in_one(world: World) -> None:
    for name in ("shop-web", "shop-api"):
        world.session(name)
    await world.known("shop-web", "shop-api")
    asked = await world.hears(f"deny shop {'because ' * 12}")
    assert asked.notice.buttons == ()
    assert asked.notice.footer == "Reply with: deny shop-api … or deny shop-web …"
