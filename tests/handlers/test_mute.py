from tests.support.world import World


async def test_an_hour_if_nothing_is_said(world: World) -> None:
    world.session("shop")
    await world.known("shop")
    await world.hears("mute shop")
    pause = world.services.attention.standing.mutes["shop"]
    assert pause.by == "Ann"
    assert 3500 < (pause.until - world.clock.now()).total_seconds() <= 3600


async def test_what_is_no_span_mutes_nothing(world: World) -> None:
    world.session("shop")
    await world.known("shop")
    told = await world.hears("mute shop forever")
    assert told.notice.title == "✗ “forever” is no span of time, such as 30m, 1h or 1d"
    assert world.services.attention.standing.mutes == {}
