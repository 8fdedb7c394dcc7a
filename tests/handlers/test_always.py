from bot.core.prompts import Role
from tests.support.toy import YES_ALWAYS_NO
from tests.support.world import World

FOUR_ROWS = (
    (Role.ALLOW_ONCE, "Yes"),
    (Role.ALLOW_ALWAYS, "Yes, and don't ask again for: make *"),
    (Role.ALLOW_AND_CHANGE_MODE, "Yes, and switch to auto mode"),
    (Role.DENY, "No"),
)


async def test_just_that_command_is_granted_at_once(world: World) -> None:
    pane = world.session("shop")
    world.asks(pane, "make clean", rows=YES_ALWAYS_NO)
    await world.card("make clean")
    told = await world.hears("always shop")
    assert told.notice.title == "✓ Session 'shop' approved (always)"
    assert pane.agent.done == [("allow_always", "make clean", "")]


async def test_more_than_that_is_said_and_asked_again(world: World) -> None:
    pane = world.session("shop")
    world.asks(pane, "npm test", rows=YES_ALWAYS_NO)
    code = (await world.card("npm test")).notice.code

    unasked = await world.hears(f"always {code} yes")
    assert "grants more than this one request" in unasked.text
    assert "don't ask again for: make *" in unasked.text
    assert pane.agent.keys == []

    told = await world.hears(f"always {code} yes")
    assert told.notice.title == "✓ Session 'shop' approved (always)"


async def test_a_yes_to_one_row_is_no_yes_to_another(world: World) -> None:
    pane = world.session("shop")
    world.asks(pane, "npm test", rows=FOUR_ROWS)
    code = (await world.card("npm test")).notice.code

    asked = await world.hears(f"choose {code} 3")
    assert "switch to auto mode" in asked.text
    other = await world.hears(f"always {code} yes")
    assert "don't ask again for: make *" in other.text
    assert pane.agent.keys == []

    await world.hears(f"choose {code} 3")
    await world.phone.taps(asked, "Yes, grant")
    await world.reply("answered: Yes, and switch to auto mode")
    assert pane.agent.done == [("allow_and_change_mode", "npm test", "")]


async def test_a_prompt_without_always(world: World) -> None:
    pane = world.session("shop")
    world.asks(pane, "npm test")
    await world.card("npm test")
    told = await world.hears("always shop")
    assert "offers no “always”" in told.text
    assert "nothing was done" in (await world.hears("always shop never")).text
    assert pane.agent.keys == []
