from tests.support.world import World


async def test_the_rules_and_their_buttons(world: World) -> None:
    _, card = await world.asked()
    code = card.notice.code
    await world.hears("mute shop")
    await world.hears(f"snooze {code}")
    told = await world.hears("attention")
    assert told.notice.title == "How you are told"
    assert "Muted: shop until" in told.text
    assert told.button("Unmute shop") == "unmute shop"
    assert told.button(f"Wake {code}") == f"snooze {code} off"


async def test_explain(world: World) -> None:
    _, card = await world.asked()
    told = await world.hears(f"attention explain {card.notice.code}")
    assert "card sent" in told.text
    assert (await world.hears("attention please")).notice.title.startswith("✗ ")
