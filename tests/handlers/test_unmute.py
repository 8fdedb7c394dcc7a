from tests.support.world import World


async def test_it_is_muted_and_heard_again(world: World) -> None:
    pane = world.session("shop")
    await world.known("shop")
    told = await world.hears("mute shop 1h")
    assert told.notice.title.startswith("🔕 'shop' is muted until ")
    world.asks(pane, "make")
    await world.passes(3)
    assert world.phone.cards() == []
    again = await world.hears(told.button("Unmute"))
    assert again.notice.title == "🔔 'shop' is heard again"
    await world.card("make")
    assert (await world.hears("unmute shop")).notice.title == "'shop' was not muted"
