from dataclasses import replace
from pathlib import Path

from bot.core.ids import SessionName
from tests.support.toy import TOY
from tests.support.world import World, running


async def test_what_has_ended_is_started_once_more(world: World) -> None:
    await world.hears("start shop in /tmp: fix it")
    session = world.services.roster.require("shop")
    pane = next(p for p in world.tmux.panes_by_id.values() if p.session == "shop")

    refused = await world.hears("again shop")
    assert "still there" in refused.notice.title

    world.tmux.remove(pane)
    await world.sweeps()
    shown = await world.hears("again shop")

    assert shown.notice.title == "✅ Session: shop"
    assert "It begins a new conversation. It was about: fix it" in shown.text
    now = world.services.roster.require("shop")
    assert now.directory == session.directory
    assert now.pane != session.pane


async def test_it_goes_on_with_its_conversation_where_it_can(tmp_path: Path) -> None:
    spec = replace(TOY, launch=("toy",), resume_flag="--resume")
    async with running(World(tmp_path, agents={"toy": spec})) as world:
        for words, begins in (("", "It goes on with the conversation"), (" new", "It begins")):
            await world.hears("start shop in /tmp")
            await world.services.roster.change(
                SessionName("shop"), lambda now: replace(now, conversation="0a1b2c3d-4e5f")
            )
            world.tmux.remove(next(iter(world.tmux.panes_by_id.values())))
            await world.sweeps()
            shown = await world.hears(f"again shop{words}")
            assert shown.notice.parts[0].text.startswith(begins)
            resumed = "--resume 0a1b2c3d-4e5f" in " ".join(world.tmux.launched[-1].argv)
            assert resumed is not bool(words)
            world.tmux.remove(next(iter(world.tmux.panes_by_id.values())))
            await world.sweeps()
