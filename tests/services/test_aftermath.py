"""What a task has changed is added to the card that told of its end."""

from __future__ import annotations

from pathlib import Path

from bot.ports.workspace import Changes
from bot.services.aftermath import FILES, summary
from tests.support.toy import ToyAgent
from tests.support.virtual import virtual
from tests.support.world import World, running

STAT = " shop.py | 4 ++--\n 1 file changed, 2 insertions(+), 2 deletions(-)"


@virtual
async def test_the_card_comes_at_once_and_what_changed_is_added_to_it(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.workspace.directories["/home/dev/shop"] = Changes(STAT, untracked=("new.py",))
    async with running(world):
        pane = world.session("shop", ToyAgent(busy=True))
        await world.known("shop")
        await world.passes(90)
        pane.agent.said.append(":::DONE:tests pass:::")
        pane.agent.busy = False
        world.tmux.wrote(pane)
        card = await world.soon(
            lambda: next((b for b in world.phone.bubbles if "insertions" in b.text), None),
            "what changed",
        )
        assert card.notice.title == "✅ Agent `shop` completed: tests pass"
        assert [part.text for part in card.notice.parts] == [
            "Took 1 min",
            "shop.py | 4 ++--\n1 file changed, 2 insertions(+), 2 deletions(-)\n1 new file",
        ]
        assert len([t for t in world.phone.titles() if "completed" in t]) == 1


@virtual
async def test_progress_is_one_message_for_each_task(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = world.session("shop", ToyAgent(busy=True))
        await world.known("shop")
        for percent in (10, 50, 90):
            pane.agent.said = [f":::PROGRESS:{percent}:::"]
            world.tmux.wrote(pane)
            await world.passes(10)
        (card,) = [b for b in world.phone.bubbles if "📊" in b.text]
        assert card.notice.title == "📊 Agent `shop`: 90 %"
        assert card.notice.silent


def test_a_long_list_is_cut_and_its_total_kept() -> None:
    files = [f" f{n}.py | 1 +" for n in range(30)]
    lines = summary(Changes("\n".join([*files, " 30 files changed"]))).splitlines()
    assert len(lines) == FILES + 1
    assert lines[-2:] == [f"… {31 - FILES} more files", "30 files changed"]


def test_nothing_changed_is_nothing_to_say() -> None:
    assert summary(Changes()) == ""
