import pytest

from tests.support.faketmux import FakePane
from tests.support.toy import ToyAgent
from tests.support.virtual import virtual
from tests.support.world import World, running


async def busy(world: World) -> FakePane:
    pane = world.session("shop", ToyAgent(busy=True))
    await world.known("shop")
    return pane


async def gets(world: World, pane: FakePane) -> list[str]:
    """What reaches the agent once it is at its input box."""
    pane.agent.busy = False
    world.tmux.wrote(pane)
    await world.passes(60)
    return [line for line in pane.agent.said if line.startswith("user: ")]


@pytest.mark.parametrize("words", ["untell shop", "/UNTELL sho"])
async def test_the_last_text_that_waits_is_taken_back(world: World, words: str) -> None:
    pane = await busy(world)
    await world.hears("tell shop one")
    await world.hears("tell shop two")

    told = await world.hears(words)
    assert told.notice.title == "↩️ Taken back: 'shop' does not get it"
    assert [part.text for part in told.notice.parts] == ["two"]
    pane.agent.busy = False
    world.tmux.wrote(pane)
    await world.reply("✓ Delivered to 'shop'")
    assert pane.agent.said == ["user: one"]


async def test_a_tap_takes_back_the_text_it_hangs_on(world: World) -> None:
    pane = await busy(world)
    first = await world.hears("tell shop one")
    await world.hears("tell shop two")
    third = await world.hears("tell shop three")
    assert "(position 3)" in third.notice.title

    told = await world.hears(first.button("Take back"))
    assert [part.text for part in told.notice.parts] == ["one"]
    again = await world.hears(first.button("Take back"))
    assert "does not wait any more" in again.text
    assert pane.agent.keys == []
    pane.agent.busy = False
    world.tmux.wrote(pane)
    await world.soon(lambda: len(pane.agent.said) == 2 or None, "two texts")
    assert pane.agent.said == ["user: two", "user: three"]


async def test_where_nothing_waits_it_says_so(world: World) -> None:
    pane = await busy(world)
    told = await world.hears("untell shop")
    assert "No text waits for session 'shop'" in told.text
    assert pane.agent.keys == []


@virtual
async def test_what_was_taken_back_stays_back_and_the_order_is_kept_over_a_restart(
    tmp_path: object,
) -> None:
    world = World(tmp_path)  # type: ignore[arg-type]
    async with running(world):
        pane = await busy(world)
        for word in ("one", "two", "three"):
            await world.hears(f"tell shop {word}")
        await world.hears("untell shop")
        await world.hears("tell shop four")
    async with running(world):
        assert await gets(world, pane) == ["user: one", "user: two", "user: four"]
