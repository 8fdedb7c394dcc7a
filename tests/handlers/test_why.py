from tests.support.world import World


async def test_why_it_was_told(world: World) -> None:
    _, card = await world.asked()
    told = await world.hears(f"why {card.notice.code}")
    assert told.notice.title.startswith(f"{card.notice.code}: session 'shop' waits since ")
    assert "Fake: card sent" in told.text
    assert "Next reminder: " in told.text
    assert "card sent" in (await world.hears("why", card.ref)).text


async def test_of_a_session_and_of_all_that_was_held_back(world: World) -> None:
    _, card = await world.asked()
    code = card.notice.code
    told = await world.hears("why shop")
    assert told.notice.title == "What was told of 'shop', newest first"
    assert "🔒 Session 'shop' needs approval\n· in full: why" in told.text
    assert told.button(f"Why {code}") == f"why {code}"
    assert (await world.hears("why")).notice.title == "Nothing was held back in the last 24 hours"
    await world.hears("mute shop 1h")
    await world.hears("unwatch shop")
    told = await world.hears("why shop")
    assert told.notice.parts[0].text.startswith("It is not watched, so nothing of it is told")
    assert "\nMuted until " in told.notice.parts[0].text
    assert (await world.hears("why shop please")).notice.title.startswith("✗ ")
    assert "no session" in (await world.hears("why nothing")).notice.title
