"""What agents tell by hooks: bound to the pane, one row with the dialog."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.core.approvals import LIVE, PromptState
from bot.core.hook_settings import HookSetup
from bot.core.lifecycle import Phase
from bot.core.prompts import Kind, Role
from tests.support.hook_events import ALWAYS_MAKE, COMMON
from tests.support.hooked import Hooked
from tests.support.toy import TOY, YES_ALWAYS_NO
from tests.support.virtual import virtual
from tests.support.world import running


@virtual
async def test_hook_and_dialog_are_one_row_and_one_card(tmp_path: Path) -> None:
    async with running(Hooked(tmp_path)) as world:
        pane = await world.shop()
        call, record = await world.both(pane, "make  all")
        await world.passes(5)
        assert [r.code for r in await world.live()] == [record.code]
        assert len(world.phone.cards()) == 1
        assert record.prompt.subject == "make  all"
        assert (record.shown is not None, bool(record.call)) == (True, True)
        assert not call.handled.is_set()


@virtual
async def test_a_hook_that_comes_after_the_dialog_joins_its_row(tmp_path: Path) -> None:
    async with running(Hooked(tmp_path)) as world:
        pane = await world.shop()
        world.asks(pane, "make")
        record = await world.open_prompt()
        assert not record.call
        world.calls(pane)
        await world.passes(1)
        joined = await world.now(record)
        assert (bool(joined.call), joined.state) == (True, PromptState.OPEN)
        assert len(world.phone.cards()) == 1


@virtual
async def test_a_dialog_that_is_drawn_again_keeps_its_row_and_its_hook(tmp_path: Path) -> None:
    async with running(Hooked(tmp_path)) as world:
        pane = await world.shop()
        soon = (
            YES_ALWAYS_NO[0],
            (Role.ALLOW_ALWAYS, "Yes, and don't ask again for: *"),
            YES_ALWAYS_NO[2],
        )
        call, record = await world.both(pane, "make", ALWAYS_MAKE, rows=soon)
        pane.agent.asks[0] = ("make", YES_ALWAYS_NO)
        world.tmux.wrote(pane)
        await world.passes(5)
        drawn = await world.now(record)
        assert (drawn.state, drawn.call) == (PromptState.OPEN, record.call)
        assert drawn.prompt.choices[1].label == "Yes, and don't ask again for: make *"
        assert len(world.phone.cards()) == 1
        await world.hears(f"always {record.code}")
        assert call.decision["updatedPermissions"] == [ALWAYS_MAKE]


@virtual
async def test_without_a_dialog_the_hook_alone_opens_it(tmp_path: Path) -> None:
    async with running(Hooked(tmp_path)) as world:
        pane = await world.shop()
        world.calls(pane, "make", ALWAYS_MAKE)
        await world.passes(1.2)
        assert await world.live() == []
        record = await world.open_prompt()
        assert record.shown is None
        session = world.services.roster.live()[0]
        assert (session.phase, session.hooked_only) == (Phase.WAITING, True)
        card = await world.card("don't ask again for: make *")
        assert "in this project, for you" in card.text


@virtual
async def test_where_the_dialog_comes_after_the_hook_nothing_waits_for_it(tmp_path: Path) -> None:
    setup = HookSetup({}, {}, before_dialog=True)
    async with running(Hooked(tmp_path, agents={"toy": replace(TOY, hooks=setup)})) as world:
        pane = await world.shop()
        call = world.calls(pane, "make")
        await world.passes(0.3)
        (record,) = await world.live()
        assert record.shown is None
        call.leave()
        world.asks(pane, "make")
        await world.passes(3)
        assert (await world.now(record)).state not in LIVE
        (dialog,) = await world.live()
        assert (dialog.prompt.subject, dialog.call) == ("make", "")


@virtual
async def test_a_question_that_two_agents_could_have_is_left_to_its_dialog(
    tmp_path: Path,
) -> None:
    twins = {name: replace(TOY, id=name, processes=frozenset({name})) for name in ("one", "two")}
    agents = {"toy": replace(TOY, read_hook=lambda given: None), **twins}
    async with running(Hooked(tmp_path, agents=agents)) as world:
        pane = await world.shop()
        call = world.calls(pane, "make")
        await world.passes(3)
        assert call.handled.is_set()
        assert await world.live() == []


@virtual
async def test_the_dialog_may_come_later_than_the_hooks_card(tmp_path: Path) -> None:
    async with running(Hooked(tmp_path)) as world:
        pane = await world.shop()
        world.calls(pane)
        record = await world.open_prompt()
        world.asks(pane, "make")
        await world.passes(2)
        joined = await world.now(record)
        assert (joined.state, joined.shown is not None) == (PromptState.OPEN, True)
        assert len(await world.live()) == 1


@virtual
async def test_a_dialog_that_cannot_be_read_is_what_the_hook_says(tmp_path: Path) -> None:
    async with running(Hooked(tmp_path)) as world:
        pane = await world.shop()
        world.calls(pane)
        world.asks(pane, "unreadable: ???")
        record = await world.open_prompt()
        await world.passes(3)
        assert (await world.now(record)).prompt.kind is Kind.APPROVAL
        assert len(await world.live()) == 1


@virtual
async def test_when_screen_and_hook_disagree_it_is_said_once_and_the_hook_let_go(
    tmp_path: Path,
) -> None:
    async with running(Hooked(tmp_path)) as world:
        pane = await world.shop()
        call = world.calls(pane, "ls")
        await world.passes(0.2)
        world.asks(pane, "rm -rf build")
        record = await world.open_prompt()
        await world.passes(5)
        await world.sweeps()
        assert (record.prompt.subject, record.call) == ("rm -rf build", "")
        assert call.handled.is_set()
        told = [b for b in world.phone.bubbles if "do not say the same" in b.text]
        assert len(told) == 1
        await world.hears(f"approve {record.code}")
        assert pane.agent.done == [("allow_once", "rm -rf build", "")]
        assert call.printed == []


@virtual
async def test_a_hook_that_comes_to_another_dialog_is_said_too(tmp_path: Path) -> None:
    async with running(Hooked(tmp_path)) as world:
        pane = await world.shop()
        world.asks(pane, "rm -rf build")
        record = await world.open_prompt()
        await world.passes(3)
        call = world.calls(pane, "ls")
        await world.passes(1)
        assert not call.handled.is_set()
        await world.passes(4)
        told = [b for b in world.phone.bubbles if "do not say the same" in b.text]
        assert (len(told), call.handled.is_set()) == (1, True)
        assert (await world.now(record)).state is PromptState.OPEN
        await world.hears(f"approve {record.code}")
        assert (pane.agent.done, call.printed) == ([("allow_once", "rm -rf build", "")], [])


@virtual
async def test_an_answer_at_the_terminal_closes_the_card_and_lets_the_hook_go(
    tmp_path: Path,
) -> None:
    async with running(Hooked(tmp_path)) as world:
        pane = await world.shop()
        call, record = await world.both(pane)
        pane.agent.feed(b"\r")
        world.tmux.wrote(pane)
        await world.passes(2)
        assert (await world.now(record)).state is PromptState.ANSWERED_LOCALLY
        assert call.handled.is_set()
        assert call.printed == []


@virtual
async def test_the_end_of_a_hook_closes_no_card_whose_dialog_stands(tmp_path: Path) -> None:
    async with running(Hooked(tmp_path)) as world:
        pane = await world.shop()
        call, record = await world.both(pane)
        call.leave()
        await world.passes(10)
        assert (await world.now(record)).state is PromptState.OPEN
        await world.hears(f"approve {record.code}")
        assert pane.agent.done == [("allow_once", "make", "")]


@virtual
async def test_what_only_a_hook_told_is_gone_with_it(tmp_path: Path) -> None:
    async with running(Hooked(tmp_path)) as world:
        pane = await world.shop()
        call = world.calls(pane)
        record = await world.open_prompt()
        call.leave()
        await world.passes(3)
        ended = await world.now(record)
        assert ended.state is PromptState.GONE
        assert "by its hook any more" in ended.reason


@virtual
async def test_a_blocked_dialog_that_comes_when_the_hook_ends_is_the_same_prompt(
    tmp_path: Path,
) -> None:
    async with running(Hooked(tmp_path)) as world:
        pane = await world.shop()
        call = world.calls(pane)
        record = await world.open_prompt()
        call.leave()
        await world.passes(0.1)
        world.asks(pane, "make")
        await world.passes(5)
        (left,) = await world.live()
        assert left.prompt.subject == "make"
        await world.hears(f"approve {left.code}")
        assert pane.agent.done == [("allow_once", "make", "")]
        assert record.prompt.subject == "make"


@virtual
async def test_a_tool_that_ran_closes_what_only_its_hook_told(tmp_path: Path) -> None:
    async with running(Hooked(tmp_path)) as world:
        pane = await world.shop()
        call = world.calls(pane)
        record = await world.open_prompt()
        world.hooks.tells(
            pane.key, "PostToolUse", tool_name="Bash", tool_input={"command": "make"}
        )
        await world.passes(1)
        assert (await world.now(record)).state is PromptState.ANSWERED_LOCALLY
        assert call.handled.is_set()


@virtual
async def test_a_turn_that_ended_waits_for_nothing_but_its_helpers_may(tmp_path: Path) -> None:
    async with running(Hooked(tmp_path)) as world:
        pane = await world.shop()
        world.calls(pane, "one", agent_id="a1", agent_type="Explore")
        helper = await world.open_prompt()
        world.hooks.tells(pane.key, "Stop", last_assistant_message="Done.")
        await world.passes(1)
        assert (await world.now(helper)).state is PromptState.OPEN
        world.hooks.tells(pane.key, "PostToolUse", tool_name="Bash", tool_input={"command": "one"})
        await world.passes(1)
        world.calls(pane, "two")
        own = await world.open_prompt()
        world.hooks.tells(pane.key, "UserPromptSubmit", prompt="stop that")
        await world.passes(1)
        assert (await world.now(own)).state is PromptState.ANSWERED_LOCALLY


@virtual
async def test_two_that_ask_at_once_are_shown_one_after_the_other(tmp_path: Path) -> None:
    async with running(Hooked(tmp_path)) as world:
        pane = await world.shop()
        first = world.calls(pane, "one")
        second = world.calls(pane, "two")
        record = await world.open_prompt()
        await world.passes(5)
        assert len(await world.live()) == 1
        await world.stands(record)
        await world.hears(f"approve {record.code}")
        await world.passes(3)
        (other,) = await world.live()
        assert {record.prompt.subject, other.prompt.subject} == {"one", "two"}
        await world.stands(other)
        await world.hears(f"deny {other.code}")
        by_subject = {"one": first, "two": second}
        assert by_subject[record.prompt.subject].decision["behavior"] == "allow"
        assert by_subject[other.prompt.subject].decision["behavior"] == "deny"


@virtual
async def test_a_turn_that_broke_off_is_told_and_not_taken_for_done(tmp_path: Path) -> None:
    async with running(Hooked(tmp_path)) as world:
        pane = await world.shop()
        said = "API Error: 400 messages.1: something odd"
        world.hooks.tells(pane.key, "StopFailure", error="unknown", last_assistant_message=said)
        await world.passes(1)
        await world.sweeps()
        await world.passes(1)
        (told,) = [b for b in world.phone.bubbles if "can't go on" in b.text]
        assert said in told.text
        assert said in (await world.hears("status shop")).text
        world.hooks.tells(pane.key, "UserPromptSubmit", prompt="try again")
        await world.passes(1)
        assert said not in (await world.hears("status shop")).text


@virtual
async def test_the_conversation_stays_bound_to_the_pane(tmp_path: Path) -> None:
    async with running(Hooked(tmp_path)) as world:
        pane = await world.shop()
        world.hooks.tells(pane.key, "SessionStart", source="startup")
        await world.passes(1)
        world.hooks.tells(pane.key, "SessionEnd", reason="clear")
        world.hooks.tells(
            pane.key, "SessionStart", source="clear", session_id="beef", transcript_path="/b"
        )
        await world.passes(1)
        session = world.services.roster.live()[0]
        assert (session.name, session.pane) == ("shop", pane.key)
        assert (session.conversation, session.transcript) == ("beef", "/b")
        assert session.agent_pid == 4711
    async with running(world):
        kept = world.services.roster.live()[0]
        assert (kept.conversation, kept.transcript) == ("beef", "/b")
    assert COMMON["session_id"] != "beef"


@virtual
async def test_what_an_agent_tells_before_its_pane_is_known_is_not_lost(tmp_path: Path) -> None:
    """Claude Code runs its SessionStart hook before a sweep has found the pane."""
    async with running(Hooked(tmp_path)) as world:
        pane = world.session("shop")
        for start in ("dead", "beef"):
            world.hooks.tells(
                pane.key, "SessionStart", session_id=start, transcript_path=f"/{start}"
            )
        await world.known("shop")
        await world.passes(2)
        session = world.services.roster.live()[0]
        assert (session.conversation, session.transcript) == ("beef", "/beef")


@virtual
async def test_a_pane_of_another_server_or_nobodys_is_not_taken_for_ours(tmp_path: Path) -> None:
    async with running(Hooked(tmp_path)) as world:
        pane = await world.shop()
        call = world.calls(pane)
        stranger = world.calls(pane)
        object.__setattr__(stranger.message, "server_pid", 1)
        await world.passes(8)
        assert stranger.handled.is_set()
        assert not call.handled.is_set()
        assert stranger.printed == []


@virtual
async def test_a_hook_of_a_pane_that_is_new_is_waited_for(tmp_path: Path) -> None:
    async with running(Hooked(tmp_path)) as world:
        pane = world.session("fresh")
        world.calls(pane)
        assert (await world.open_prompt()).session == "fresh"


@virtual
async def test_a_session_that_is_not_watched_is_let_alone(tmp_path: Path) -> None:
    async with running(Hooked(tmp_path)) as world:
        pane = await world.shop()
        await world.hears("unwatch shop")
        call = world.calls(pane)
        await world.passes(3)
        assert call.handled.is_set()
        assert await world.live() == []


@virtual
async def test_after_a_restart_the_pane_is_what_is_left(tmp_path: Path) -> None:
    world = Hooked(tmp_path)
    async with running(world):
        pane = await world.shop()
        _, record = await world.both(pane)
    async with running(world):
        assert world.services.roster.live()[0].call == ""
        await world.passes(1)
        assert (await world.now(record)).state is PromptState.OPEN
        await world.hears(f"approve {record.code}")
        assert pane.agent.done == [("allow_once", "make", "")]


@virtual
async def test_after_a_restart_what_only_a_hook_told_is_said_to_be_gone(tmp_path: Path) -> None:
    world = Hooked(tmp_path)
    async with running(world):
        pane = await world.shop()
        world.calls(pane)
        record = await world.open_prompt()
    async with running(world):
        await world.passes(1)
        assert (await world.now(record)).state is PromptState.GONE
