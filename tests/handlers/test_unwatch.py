from tests.support.world import World


async def test_it_says_so_and_closes_nothing(world: World) -> None:
    pane = world.session("shop")
    world.asks(pane, "npm run build")
    card = await world.card("npm run build")
    told = await world.hears("unwatch", reply_to=card.ref)
    assert told.notice.title == "✓ Not watching 'shop' any more"
    assert pane.agent.keys == []
    assert (await world.hears("unwatch")).notice.title == "✗ Which session? unwatch NAME"
