from __future__ import annotations

from pathlib import Path

from bot.core.trials import Untried
from bot.services.changed import AT_THE_MACHINE
from tests.support.phone import FakePhone
from tests.support.virtual import virtual
from tests.support.world import World, running

NEWER = Untried("claude", "2.1.329", "2.1.400")


@virtual
async def test_another_version_is_told_once_at_the_machine(tmp_path: Path) -> None:
    world = World(tmp_path, more_channels=(far := FakePhone(),))
    world.phone.id = AT_THE_MACHINE
    async with running(world):
        await world.services.changed_agents.tell([NEWER])
        await world.services.changed_agents.tell([NEWER])
        bubble = await world.soon(
            lambda: next((b for b in world.phone.bubbles if "2.1.400" in b.text), None), "a line"
        )
        assert bubble.notice.silent
        assert "wingman doctor --deep" in bubble.text
        await world.passes(5)
        assert len([b for b in world.phone.bubbles if "2.1.400" in b.text]) == 1
        assert not any("2.1.400" in b.text for b in far.bubbles)
    world.phone.bubbles.clear()
    async with running(world):
        await world.services.changed_agents.tell([NEWER])
        await world.passes(5)
        assert not any("2.1.400" in b.text for b in world.phone.bubbles)
