from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.core.decisions import Verdict
from bot.core.trials import Way
from bot.services.proving import AT_THE_MACHINE, LOOK_EVERY
from tests.support.phone import Bubble, FakePhone
from tests.support.trials import FakeTrials, finding, trial
from tests.support.virtual import virtual
from tests.support.world import World, running

DENIED = finding(Verdict.DENY)
ALLOWED = finding(Verdict.APPROVE, good=True)


def updated(*found: str) -> FakeTrials:
    """The toy was tried as 1.0, and is 1.1 now. ``found``: what a trial of that would find."""
    trials = FakeTrials([trial("toy", "1.0", ALLOWED)])
    trials.installs("toy", "1.1")
    wrong = [finding(Verdict.DENY, Way(way)) for way in found]
    trials.would_find["toy"] = trial("toy", "1.1", ALLOWED, *wrong, at="2026-11-22")
    return trials


def world_with(path: Path, trials: FakeTrials, *others: FakePhone) -> World:
    world = World(path, trials=trials, more_channels=others)
    world.phone.id = AT_THE_MACHINE
    return world


async def told(world: World, words: str) -> Bubble:
    return await world.soon(
        lambda: next((b for b in world.phone.bubbles if words in b.text), None), words
    )


@virtual
async def test_another_version_is_tried_by_itself_and_told_at_the_machine(tmp_path: Path) -> None:
    world = world_with(tmp_path, trials := updated(), far := FakePhone())
    async with running(world):
        await world.passes(LOOK_EVERY / 2)
        assert trials.tried == []  # the program may be half installed
        card = await told(world, "every answer does what was decided")
        assert "Toy 1.1" in card.notice.title
        assert "1 of 1 by keys" in card.text
        assert "not 1.0 any more" in card.text
        assert card.notice.silent
        await world.passes(5 * LOOK_EVERY)
        assert trials.tried == ["toy"]
        assert not far.bubbles
    async with running(world):
        await world.passes(5 * LOOK_EVERY)
        assert trials.tried == ["toy"]


@virtual
async def test_what_went_wrong_is_told_to_all_and_not_pressed_from_then_on(tmp_path: Path) -> None:
    trials = updated("pane")
    world = world_with(tmp_path, trials, far := FakePhone())
    async with running(world):
        await world.passes(1)
        pane, asked = await world.asked()
        card = await told(world, "not every answer is as it should be")
        assert "a command, deny (by keys): answered wrongly: it ran" in card.text
        assert any("not every answer" in bubble.text for bubble in far.bubbles)

        answer = await world.hears(f"deny {asked.notice.code}")
        assert "On toy 1.1 this answer went wrong" in answer.text
        assert pane.agent.keys == []
        await world.hears(f"approve {asked.notice.code}")
        assert [kind for kind, *_ in pane.agent.done] == ["allow_once"]


@virtual
async def test_a_version_that_went_wrong_is_over_for_new_sessions_only(tmp_path: Path) -> None:
    trials = FakeTrials([trial("toy", "1.0", DENIED), trial("toy", "1.1", ALLOWED)])
    world = world_with(tmp_path, trials)
    async with running(world):
        trials.installs("toy", "1.0")
        old, asked = await world.asked()
        await world.passes(10)
        trials.installs("toy", "1.1", world.clock.now())
        await world.passes(LOOK_EVERY + 10)
        new = world.session("mall")
        world.asks(new, "test")
        second = await world.card("test")

        assert "On toy 1.0 this" in (await world.hears(f"deny {asked.notice.code}")).text
        await world.hears(f"deny {second.notice.code}")
        assert (old.agent.keys, [kind for kind, *_ in new.agent.done]) == ([], ["escape"])


@virtual
async def test_until_versions_are_known_all_that_went_wrong_is_doubted(tmp_path: Path) -> None:
    trials = FakeTrials([trial("toy", "1.0", DENIED)])
    async with running(world := world_with(tmp_path, trials)):
        pane, asked = await world.asked()
        assert "On toy 1.0" in (await world.hears(f"deny {asked.notice.code}")).text
        trials.installs("toy", "1.1", world.clock.now() - timedelta(days=1))
        await world.passes(LOOK_EVERY + 1)
        await world.hears(f"deny {asked.notice.code}")
        assert [kind for kind, *_ in pane.agent.done] == ["escape"]


@virtual
async def test_where_it_may_not_be_tried_that_is_said_once(tmp_path: Path) -> None:
    trials = FakeTrials([trial("toy", "1.0", ALLOWED)])
    trials.installs("toy", "1.1")
    world = world_with(tmp_path, trials, far := FakePhone())
    async with running(world):
        card = await told(world, "wingman doctor --deep")
        assert card.notice.title == "Toy 1.1 is installed, 1.0 was tried"
        assert card.notice.silent
    for _ in range(2):
        async with running(world):
            await world.passes(5 * LOOK_EVERY)
    assert len([b for b in world.phone.bubbles if "is installed" in b.text]) == 1
    assert not far.bubbles
