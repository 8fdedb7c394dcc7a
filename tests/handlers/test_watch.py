from tests.support.world import World


async def test_a_session_that_is_left_alone_and_watched_again(world: World) -> None:
    pane = world.session("shop")
    await world.known("shop")
    await world.hears("unwatch shop")
    world.asks(pane, "npm run build")
    assert (await world.hears("sessions")).notice.title == "No sessions yet"
    assert world.phone.cards() == []

    told = await world.hears("watch shop")

    assert told.notice.title == "✓ Watching 'shop'"
    await world.card("npm run build")
    assert (await world.hears("watch")).notice.title == "✗ Which session? watch NAME"
