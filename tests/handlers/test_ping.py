from tests.support.world import World


async def test_the_version_and_how_much_there_is(world: World) -> None:
    assert (await world.hears("ping")).text == "pong\nWingman test, 0 sessions"
    world.session("shop")
    await world.known("shop")
    assert (await world.hears("PING")).text == "pong\nWingman test, 1 session"
