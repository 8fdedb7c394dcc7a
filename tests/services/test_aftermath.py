"""What a task has changed is added to the card that told of its end."""

from __future__ import annotations

from pathlib import Path

from bot.ports.workspace import Changes
from bot.services.aftermath import FILES, summary
from tests.support.faketmux import FakePane
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


async def done(world: World, pane: FakePane, words: str) -> str:
    """The card of that DONE, once what has changed stands on it."""
    pane.agent.said.append(f":::DONE:{words}:::")
    pane.agent.busy = False
    world.tmux.wrote(pane)
    card = await world.soon(
        lambda: next(
            (b for b in world.phone.bubbles if words in b.text and "1 +" in b.text), None
        ),
        "what changed",
    )
    return card.text


@virtual
async def test_it_is_compared_with_where_the_task_began(tmp_path: Path) -> None:
    world, folder = World(tmp_path), "/home/dev/shop"
    world.workspace.directories[folder] = Changes(" a.py | 1 +", commits=2)
    world.workspace.heads[folder] = "aaaa"
    async with running(world):
        pane = world.session("shop", ToyAgent(busy=True))
        await world.known("shop")
        world.workspace.heads[folder] = "bbbb"
    async with running(world):
        await world.passes(90)
        assert "2 commits" in await done(world, pane, "one")
        await world.passes(90)
        pane.agent.busy = True
        world.tmux.wrote(pane)
        await world.passes(90)
        await done(world, pane, "two")
    assert world.workspace.asked == [(folder, "aaaa"), (folder, "bbbb")]


@virtual
async def test_where_a_task_began_counts_for_that_task_only(tmp_path: Path) -> None:
    world, folder = World(tmp_path), "/home/dev/shop"
    world.workspace.directories[folder] = Changes(" a.py | 1 +")
    world.workspace.heads[folder] = "aaaa"
    async with running(world):
        pane = world.session("shop", ToyAgent(busy=True))
        await world.known("shop")
        await done(world, pane, "one")
        await world.passes(90)
        del world.workspace.heads[folder]
        pane.agent.busy = True
        world.tmux.wrote(pane)
        await world.passes(90)
        await done(world, pane, "two")
    assert world.workspace.asked == [(folder, "aaaa"), (folder, "")]


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


def test_commits_are_counted() -> None:
    assert summary(Changes(" a.py | 1 +", commits=1)).splitlines() == ["a.py | 1 +", "1 commit"]
    assert summary(Changes(commits=2)) == "2 commits"


def test_nothing_changed_is_nothing_to_say() -> None:
    assert summary(Changes()) == ""
