from pathlib import Path

from bot.ports.channel import Capabilities
from bot.services.commands import Group
from tests.support.phone import FakePhone
from tests.support.world import World, running


async def test_every_command_has_its_line_under_one_heading(world: World) -> None:
    shown = await world.hears("/help")
    *groups, _ = [text.splitlines() for text in shown.notice.parts[0].text.split("\n\n")]
    assert [lines[0] for lines in groups] == [group.value for group in Group]
    lines = [line.split(": ")[0] for group in groups for line in group[1:]]
    commands = world.services.gateway.commands
    assert sorted(lines) == sorted(c.usage.split(": ")[0] for c in commands)
    assert lines[:2] == ["pending", "approve NAME|CODE"]
    assert shown.button("sessions") == "sessions"


async def test_what_is_good_to_know_on_each_channel(tmp_path: Path) -> None:
    able = Capabilities(buttons=True, edits=True, text_limit=4096, tip="Swipe left.")
    world = World(tmp_path, phone=FakePhone(capabilities=able))
    async with running(world):
        shown = await world.hears("help")
        assert shown.notice.parts[-1].text.endswith("a number of the last list. Swipe left.")
        told = await world.services.surface.command("help", "terminal")
        assert told.notice.parts[-1].text.endswith("a number of the last list.")


async def test_one_command(world: World) -> None:
    shown = await world.hears("help /No")
    assert shown.notice.title == "deny NAME|CODE [reason]"
    assert "Also: no, reject" in shown.text
    told = await world.hears("help lock")
    assert told.notice.title.startswith("✗ 'lock' is not in this version; stop the gateway")
    told = await world.hears("help dance")
    assert told.notice.title == "✗ There is no command 'dance': help lists them"
