from tests.support.world import World


async def test_the_line_to_type_at_the_machine(world: World) -> None:
    world.session("shop")
    await world.known("shop")
    told = await world.hears("attach sh")
    assert told.notice.title == "Type this at the machine:"
    assert told.notice.parts[0].text == told.notice.attach == "tmux attach -t =shop"
    assert (await world.hears("attach")).notice.title == "✗ Which session? attach NAME"
