from tests.support.world import World


async def test_why_it_was_told(world: World) -> None:
    _, card = await world.asked()
    told = await world.hears(f"why {card.notice.code}")
    assert told.notice.title.startswith(f"{card.notice.code}: session 'shop' waits since ")
    assert "Fake chat-7001: card sent" in told.text
    assert "Next reminder: " in told.text
    assert "card sent" in (await world.hears("why", card.ref)).text
