import pytest

from tests.support.toy import ToyAgent
from tests.support.world import World


@pytest.mark.parametrize(
    "words",
    ["tell shop fix the parser", "/SEND sho fix the parser", "tell shop to fix the parser"],
)
async def test_an_idle_agent_gets_it_at_once(world: World, words: str) -> None:
    pane = world.session("shop")
    await world.known("shop")
    told = await world.hears(words)
    assert told.notice.title == "✓ Delivered to 'shop'"
    assert [part.text for part in told.notice.parts] == ["fix the parser"]
    assert pane.agent.keys == [b"fix the parser", b"\r"]


async def test_a_busy_agent_gets_it_when_it_is_done(world: World) -> None:
    pane = world.session("shop", ToyAgent(busy=True))
    await world.known("shop")

    first = await world.hears("tell shop one")
    assert first.notice.title.startswith("⏳ Queued for 'shop' (position 1): the agent works")
    second = await world.hears("tell shop two")
    assert second.notice.title.startswith("⏳ Queued for 'shop' (position 2)")
    assert pane.agent.keys == []

    pane.agent.busy = False
    world.tmux.wrote(pane)
    await world.soon(lambda: len(pane.agent.keys) == 4 or None, "both texts")
    assert pane.agent.keys == [b"one", b"\r", b"two", b"\r"]
    await world.reply("✓ Delivered to 'shop'")


async def test_nothing_is_typed_into_a_dialog(world: World) -> None:
    pane = world.session("shop")
    world.asks(pane, "npm run build")
    card = await world.card("npm run build")

    told = await world.hears("tell shop go on")
    assert told.notice.title.endswith("a dialog is open: answer that first")
    assert pane.agent.keys == []
    await world.hears("approve", reply_to=card.ref)
    await world.reply("✓ Delivered to 'shop'")
    assert pane.agent.keys == [b"\r", b"go on", b"\r"]


async def test_a_reply_to_a_card_is_for_its_session_whatever_the_first_word(world: World) -> None:
    shop, user = world.session("shop"), world.session("user-api")
    world.asks(shop, "npm run build")
    card = await world.card("npm run build")
    await world.known("user-api")
    await world.hears("approve shop")

    told = await world.hears("tell use pnpm next time", reply_to=card.ref)

    assert told.notice.title == "✓ Delivered to 'shop'"
    assert shop.agent.keys[1:] == [b"use pnpm next time", b"\r"]
    assert user.agent.keys == []


async def test_several_fit_and_the_text_is_not_lost(world: World) -> None:
    web, api = world.session("shop-web"), world.session("shop-api")
    await world.known("shop-web", "shop-api")
    asked = await world.hears("tell shop run the tests")
    assert asked.notice.title == "Which one? Nothing was done."
    await world.phone.taps(asked, "shop-api")
    await world.reply("✓ Delivered to 'shop-api'")
    assert (web.agent.keys, api.agent.keys) == ([], [b"run the tests", b"\r"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("tell", "✗ Which session? tell NAME text"),
        ("send", "✗ Which session? send NAME text"),
        ("tell shop", "✗ What shall I tell 'shop'? tell NAME text"),
        ("tell hotel hello", "✗ There is no session 'hotel' (there are: shop)"),
    ],
)
async def test_what_is_missing_is_said(world: World, words: str, said: str) -> None:
    pane = world.session("shop")
    await world.known("shop")
    assert (await world.hears(words)).notice.title == said
    assert pane.agent.keys == []
