from tests.support.world import World


async def test_every_command_has_its_line(world: World) -> None:
    shown = await world.hears("/help")
    lines = shown.notice.parts[0].text.splitlines()
    commands = world.services.gateway.commands
    assert [line.split(": ")[0] for line in lines] == [c.usage.split(": ")[0] for c in commands]
    assert shown.button("sessions") == "sessions"


async def test_one_command(world: World) -> None:
    shown = await world.hears("help /No")
    assert shown.notice.title == "deny NAME|CODE [reason]"
    assert "Also: no, reject" in shown.text
    told = await world.hears("help mute")
    assert told.notice.title.startswith("✗ 'mute' is not in this version; unwatch NAME")
    told = await world.hears("help dance")
    assert told.notice.title == "✗ There is no command 'dance': help lists them"
