from tests.support.world import World


async def test_by_code_or_as_a_reply(world: World) -> None:
    _, card = await world.asked()
    code = card.notice.code
    told = await world.hears(f"snooze {code}")
    assert told.notice.title.startswith(f"💤 {code} is snoozed until ")
    assert (await world.hears(told.button("Not"))).notice.title == f"⏰ {code} is told again"
    assert (await world.hears("snooze off", card.ref)).notice.title == f"{code} was not snoozed"
    assert "is snoozed until" in (await world.hears("snooze 45m", card.ref)).notice.title
    assert "no span of time" in (await world.hears(f"snooze {code} soon")).notice.title
