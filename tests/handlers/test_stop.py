from pathlib import Path

from tests.support.toy import ToyAgent
from tests.support.world import World


async def test_a_found_session_is_stopped_only_when_asked_twice(world: World) -> None:
    pane = world.session("shop", ToyAgent(busy=True))
    await world.known("shop")

    asked = await world.hears("stop shop")
    assert asked.notice.title == "Really stop 'shop'?"
    assert "You started it yourself" in asked.text
    assert asked.notice.footer == "Reply with: stop shop yes"
    assert pane.key.pane in world.tmux.panes_by_id

    await world.phone.taps(asked, "Stop it")
    await world.reply("✓ Session 'shop' stopped")
    assert world.tmux.panes_by_id == {}


async def test_an_idle_one_of_ours_ends_at_once_a_working_one_does_not(
    world: World, tmp_path: Path
) -> None:
    await world.hears(f"start shop in {tmp_path}")
    pane = next(iter(world.tmux.panes_by_id.values()))
    await world.known("shop")

    assert "nothing was done" in (await world.hears("stop shop when it is done")).text
    pane.agent.busy = True
    world.tmux.wrote(pane)
    await world.soon(lambda: "working" in [s.phase for s in world.services.roster.all()], "work")
    asked = await world.hears("stop shop")
    assert asked.notice.parts[0].text == "It is working: what it is doing would be lost."

    pane.agent.busy = False
    world.tmux.wrote(pane)
    await world.soon(lambda: "idle" in [s.phase for s in world.services.roster.all()], "rest")
    assert (await world.hears("stop shop")).notice.title == "✓ Session 'shop' stopped"


async def test_one_that_is_gone(world: World) -> None:
    world.session("shop")
    await world.known("shop")
    await world.hears("stop shop --force")
    await world.soon(lambda: not world.services.roster.live(), "an ended session")
    told = await world.hears("stop shop")
    assert told.notice.title == "✗ Session 'shop' was gone already"
    assert (await world.hears("stop")).notice.title == "✗ Which session? stop NAME"
