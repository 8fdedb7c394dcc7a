from tests.support.toy import ToyAgent
from tests.support.world import World


async def test_only_an_agent_at_work_is_interrupted(world: World) -> None:
    pane = world.session("shop", ToyAgent(busy=True))
    await world.known("shop")

    told = await world.hears("interrupt shop and then rest")
    assert "“and then rest”" in told.text
    assert pane.agent.keys == []

    told = await world.hears("interrupt shop")
    assert told.notice.title == "✓ Session 'shop' interrupted"
    assert pane.agent.keys == [b"\x1b"]

    told = await world.hears("interrupt shop")
    assert told.notice.title == "✗ Session 'shop' is not working, nothing to interrupt"


async def test_escape_never_goes_to_a_dialog(world: World) -> None:
    pane = world.session("shop")
    world.asks(pane, "npm run build")
    await world.card("npm run build")
    assert "is not working" in (await world.hears("interrupt shop")).text
    assert (await world.hears("interrupt")).notice.title == "✗ Which session? interrupt NAME"
    assert pane.agent.keys == []
