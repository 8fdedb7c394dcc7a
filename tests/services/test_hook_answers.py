"""A decision through a hook: at most once, honestly told, and by keys where no hook can."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.approvals import PromptState
from bot.core.decisions import Decision, Verdict
from bot.core.hooks import Allow
from bot.core.prompts import Role
from bot.core.records import PressState
from bot.core.trials import Way
from bot.ports.hooks import Passed
from tests.support.hook_events import ALWAYS_MAKE, DATABASES
from tests.support.hooked import Hooked
from tests.support.toy import YES_ALWAYS_NO, YES_NO
from tests.support.trials import FakeTrials, finding, trial
from tests.support.virtual import virtual
from tests.support.world import running

AUTO = (*YES_NO[:1], (Role.ALLOW_AND_CHANGE_MODE, "Yes, and use auto mode"), *YES_NO[1:])


@virtual
async def test_yes_goes_through_the_hook_and_no_key_is_pressed(tmp_path: Path) -> None:
    async with running(Hooked(tmp_path)) as world:
        pane = await world.shop()
        call, record = await world.both(pane)
        answer = await world.hears(f"approve {record.code}")
        assert "approved (once)" in answer.text
        assert call.decision == {"behavior": "allow"}
        assert pane.agent.keys == []
        assert (await world.now(record)).state is PromptState.CONFIRMED
        (row,) = await world.presses_of(record)
        assert (row.keys, row.deciding, row.state) == ("hook: allow", True, PressState.APPLIED)


@pytest.mark.parametrize(
    ("words", "decision"),
    [
        ("", {"behavior": "deny", "message": "The user denied this.", "interrupt": True}),
        (" use the other folder", {"behavior": "deny", "message": "use the other folder"}),
    ],
)
def test_no_and_its_reason(tmp_path: Path, words: str, decision: dict[str, object]) -> None:
    @virtual
    async def plays() -> None:
        async with running(Hooked(tmp_path)) as world:
            pane = await world.shop()
            call, record = await world.both(pane)
            await world.hears(f"deny {record.code}{words}")
            assert call.decision == decision
            assert pane.agent.keys == []
            # and the reason is not sent a second time, as a text
            assert pane.agent.said == []

    plays()


@virtual
async def test_always_grants_what_the_agent_itself_suggested(tmp_path: Path) -> None:
    async with running(Hooked(tmp_path)) as world:
        pane = await world.shop()
        call, record = await world.both(pane, "make", ALWAYS_MAKE, rows=YES_ALWAYS_NO)
        await world.hears(f"always {record.code}")
        assert call.decision == {"behavior": "allow", "updatedPermissions": [ALWAYS_MAKE]}


@virtual
async def test_from_the_hook_alone_a_wide_grant_is_asked_again(tmp_path: Path) -> None:
    async with running(Hooked(tmp_path)) as world:
        pane = await world.shop()
        everything = {**ALWAYS_MAKE, "rules": [{"toolName": "Bash", "ruleContent": "*"}]}
        call = world.calls(pane, "make", everything)
        record = await world.open_prompt()
        await world.stands(record)
        asked = await world.hears(f"always {record.code}")
        assert "grants more than this one request" in asked.text
        assert call.printed == []
        await world.hears(f"always {record.code} yes")
        assert call.decision["updatedPermissions"] == [everything]


@virtual
async def test_a_question_is_answered_with_its_label(tmp_path: Path) -> None:
    async with running(Hooked(tmp_path)) as world:
        pane = await world.shop()
        call = world.calls(pane, tool="AskUserQuestion", arguments={"questions": [DATABASES]})
        record = await world.open_prompt()
        await world.stands(record)
        await world.hears(f"choose {record.code} 2")
        assert call.decision["updatedInput"]["answers"] == {DATABASES["question"]: "SQLite"}
        assert (await world.now(record)).state is PromptState.CONFIRMED


@virtual
async def test_a_row_that_no_hook_can_choose_is_pressed(tmp_path: Path) -> None:
    async with running(Hooked(tmp_path)) as world:
        pane = await world.shop()
        call, record = await world.both(pane, rows=AUTO)
        await world.hears(f"choose {record.code} 2")
        await world.hears(f"choose {record.code} 2 yes")
        assert pane.agent.done == [("allow_and_change_mode", "make", "")]
        assert call.printed == []
        await world.passes(1)
        assert call.handled.is_set()


@virtual
async def test_a_hook_that_did_not_take_it_leaves_it_to_keys(tmp_path: Path) -> None:
    async with running(Hooked(tmp_path)) as world:
        pane = await world.shop()
        _, record = await world.both(pane, passes=Passed.NOT)
        await world.hears(f"approve {record.code}")
        assert pane.agent.done == [("allow_once", "make", "")]
        states = [row.state for row in await world.presses_of(record)]
        assert states == [PressState.REFUSED, PressState.APPLIED]
        assert (await world.now(record)).state is PromptState.CONFIRMED


@virtual
async def test_not_known_and_the_dialog_stands_so_one_key_is_safe(tmp_path: Path) -> None:
    async with running(Hooked(tmp_path)) as world:
        pane = await world.shop()
        _, record = await world.both(pane, passes=Passed.UNKNOWN)
        await world.hears(f"approve {record.code}")
        assert pane.agent.done == [("allow_once", "make", "")]
        assert pane.agent.keys == [b"\r"]
        assert (await world.now(record)).state is PromptState.CONFIRMED


@virtual
async def test_not_known_and_the_dialog_went_is_told_as_it_is(tmp_path: Path) -> None:
    async with running(Hooked(tmp_path)) as world:
        pane = await world.shop()
        call, record = await world.both(pane, passes=Passed.UNKNOWN)
        call.on_answer = lambda document: pane.agent._settle("somebody")
        answer = await world.hears(f"approve {record.code}")
        assert "Not known whether the answer went in" in answer.text
        assert (await world.now(record)).state is PromptState.UNKNOWN
        assert pane.agent.keys == []


@virtual
async def test_who_answered_at_the_terminal_was_first(tmp_path: Path) -> None:
    async with running(Hooked(tmp_path)) as world:
        pane = await world.shop()
        call, record = await world.both(pane)
        pane.agent.feed(b"\r")  # and nobody has looked since
        answer = await world.hears(f"deny {record.code}")
        assert "the dialog is gone" in answer.text
        assert call.printed == []
        assert pane.agent.done == [("allow_once", "make", "")]


@virtual
async def test_better_words_for_a_grant_do_not_stop_a_plain_yes(tmp_path: Path) -> None:
    async with running(Hooked(tmp_path)) as world:
        pane = await world.shop()
        call, record = await world.both(pane, rows=YES_ALWAYS_NO)
        again = (Role.ALLOW_ALWAYS, "Yes, and don't ask again for: make all *")
        pane.agent.asks[0] = ("make", (YES_ALWAYS_NO[0], again, YES_ALWAYS_NO[2]))
        await world.hears(f"approve {record.code}")
        assert call.decision == {"behavior": "allow"}
        assert (await world.now(record)).state is PromptState.CONFIRMED


@virtual
async def test_other_words_for_the_grant_that_was_chosen_stop_it(tmp_path: Path) -> None:
    async with running(Hooked(tmp_path)) as world:
        pane = await world.shop()
        call, record = await world.both(pane, "make", ALWAYS_MAKE, rows=YES_ALWAYS_NO)
        await world.passes(3)
        wider = (Role.ALLOW_ALWAYS, "Yes, and don't ask again for: make * and rm *")
        pane.agent.asks[0] = ("make", (YES_ALWAYS_NO[0], wider, YES_ALWAYS_NO[2]))
        await world.hears(f"always {record.code}")
        assert (call.printed, pane.agent.done) == ([], [])
        assert (await world.now(record)).state is PromptState.REFUSED


@virtual
async def test_better_words_that_come_with_the_tap_do_not_take_it_from_the_hook(
    tmp_path: Path,
) -> None:
    """The watcher has the pane while it settles, so a tap waits for it: what it then sees is not
    the dialog that was decided on, to the letter."""
    async with running(Hooked(tmp_path)) as world:
        pane = await world.shop()
        call, record = await world.both(pane, rows=YES_ALWAYS_NO)
        again = (Role.ALLOW_ALWAYS, "Yes, and don't ask again for: make all *")
        pane.agent.asks[0] = ("make", (YES_ALWAYS_NO[0], again, YES_ALWAYS_NO[2]))
        world.tmux.wrote(pane)
        await world.hears(f"approve {record.code}")
        assert call.decision == {"behavior": "allow"}
        assert pane.agent.keys == []
        assert (await world.now(record)).state is PromptState.CONFIRMED


@virtual
async def test_half_a_redraw_does_not_stop_an_answer(tmp_path: Path) -> None:
    """Claude Code draws a new dialog a second time within 0.4 seconds."""
    async with running(Hooked(tmp_path)) as world:
        pane = await world.shop()
        call, record = await world.both(pane)
        pane.agent.frames = [["ask: make", "> 1 allow_once Yes"]]
        await world.hears(f"deny {record.code}")
        assert call.decision["behavior"] == "deny"
        assert (await world.now(record)).state is PromptState.CONFIRMED


@virtual
async def test_a_second_tap_is_told_that_it_is_settled(tmp_path: Path) -> None:
    async with running(Hooked(tmp_path)) as world:
        pane = await world.shop()
        call, record = await world.both(pane)
        await world.hears(f"approve {record.code}")
        answer = await world.hears(f"deny {record.code}")
        assert "settled already" in answer.text
        assert len(call.printed) == 1
        assert pane.agent.keys == []


@virtual
async def test_an_agent_that_does_not_react_is_told(tmp_path: Path) -> None:
    async with running(Hooked(tmp_path)) as world:
        pane = await world.shop()
        call, record = await world.both(pane)
        call.on_answer = lambda document: None
        answer = await world.hears(f"approve {record.code}")
        assert "answer sent, the agent did not react" in answer.text
        assert pane.agent.keys == []
        # what still stands is a prompt of its own, and keys may answer it
        await world.passes(3)
        (again,) = await world.live()
        assert (again.code != record.code, again.call) == (True, "")


async def _breaks_off(world: Hooked, *, answered: bool) -> tuple[object, str]:
    """A gateway that ends between the row and the word of the hook."""
    pane = await world.shop()
    _, record = await world.both(pane)
    async with world.store.transaction() as tx:
        current = await tx.prompts.get(record.id)
        assert current is not None
        decided = replace(
            current,
            state=PromptState.DECIDED,
            decided_at=world.clock.now(),
            decided_by="fake:7001",
        )
        assert await tx.prompts.replace(replace(decided, decision=Decision(Verdict.APPROVE)))
    carrier = world.services.approvals._carrier
    await carrier._attempt(decided, Allow())
    if answered:
        pane.agent._settle("hook")
    return pane, record.code


@pytest.mark.parametrize("answered", [True, False])
def test_after_a_crash_the_dialog_tells(tmp_path: Path, answered: bool) -> None:
    @virtual
    async def plays() -> None:
        world = Hooked(tmp_path)
        async with running(world):
            pane, code = await _breaks_off(world, answered=answered)
        async with running(world):
            await world.passes(1)
            state = (await world.record(code)).state
        done = pane.agent.done  # type: ignore[attr-defined]
        if answered:
            assert (state, done) == (PromptState.UNKNOWN, [("hook", "make", "")])
        else:
            assert (state, done) == (PromptState.CONFIRMED, [("allow_once", "make", "")])

    plays()


def doubted(*ways: Way) -> FakeTrials:
    wrong = [finding(Verdict.APPROVE, way) for way in ways]
    return FakeTrials([trial("toy", "1.2", *wrong)])


@virtual
async def test_keys_that_went_wrong_once_do_not_stop_the_hook(tmp_path: Path) -> None:
    async with running(Hooked(tmp_path, trials=doubted(Way.PANE))) as world:
        pane = await world.shop()
        call, record = await world.both(pane)
        await world.hears(f"approve {record.code}")
        assert call.decision == {"behavior": "allow"}
        assert pane.agent.keys == []


@virtual
async def test_a_hook_that_went_wrong_once_is_left_to_the_keys(tmp_path: Path) -> None:
    async with running(Hooked(tmp_path, trials=doubted(Way.HOOK))) as world:
        pane = await world.shop()
        call, record = await world.both(pane)
        answer = await world.hears(f"approve {record.code}")
        assert "approved (once)" in answer.text
        assert call.printed == []
        assert pane.agent.done == [("allow_once", "make", "")]


@virtual
async def test_a_hook_that_is_gone_leaves_nothing_to_keys_that_went_wrong(tmp_path: Path) -> None:
    async with running(Hooked(tmp_path, trials=doubted(Way.PANE))) as world:
        pane = await world.shop()
        _, record = await world.both(pane, passes=Passed.NOT)
        answer = await world.hears(f"approve {record.code}")
        assert "Not pressed: on toy 1.2 this answer went wrong" in answer.text
        assert pane.agent.keys == []
        assert (await world.now(record)).state is PromptState.REFUSED


@virtual
async def test_where_both_went_wrong_nothing_is_given(tmp_path: Path) -> None:
    async with running(Hooked(tmp_path, trials=doubted(Way.HOOK, Way.PANE))) as world:
        pane = await world.shop()
        call, record = await world.both(pane)
        answer = await world.hears(f"approve {record.code}")
        assert "On toy 1.2 this answer went wrong" in answer.text
        assert (call.printed, pane.agent.keys) == ([], [])
        assert (await world.now(record)).state is PromptState.OPEN
