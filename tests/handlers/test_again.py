from tests.support.world import World


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
    now = world.services.roster.require("shop")
    assert now.directory == session.directory
    assert now.pane != session.pane
