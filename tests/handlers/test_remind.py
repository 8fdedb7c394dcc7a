from tests.support.world import World


async def test_another_interval_and_back(world: World) -> None:
    assert "after 2 min" in (await world.hears("remind")).notice.title
    told = await world.hears("remind 5m")
    assert told.notice.title == "⏳ The first reminder comes after 5 min"
    assert "after 2 min" in (await world.hears("remind default")).notice.title
    assert "no span of time" in (await world.hears("remind never")).notice.title
