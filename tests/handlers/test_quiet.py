from tests.support.world import World


async def test_set_shown_and_ended(world: World) -> None:
    assert (await world.hears("quiet")).notice.title == "No quiet hours"
    told = await world.hears("quiet 22-07")
    assert told.notice.title == "🌙 Quiet hours: 22:00-07:00"
    assert "errors" in told.text
    assert (await world.hears("quiet")).notice.title == "Quiet hours: 22:00-07:00"
    assert (await world.hears(told.button("Off"))).notice.title == "🔔 Quiet hours are off"
    assert (await world.hears("quiet 23-6 all")).notice.title == (
        "🌙 Quiet hours of everybody: 23:00-06:00"
    )
    assert "Hours look like 22-07" in (await world.hears("quiet night")).notice.title
