"""Into the input box, Enter, and what the agent makes of it: one text, look by look."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.agent import Timing
from bot.core.ids import SessionName
from bot.core.press import Press
from bot.core.records import TextState
from bot.services.delivering import TYPES_FOR
from tests.support.faketmux import FakePane
from tests.support.telling import said, session
from tests.support.toy import TOY
from tests.support.virtual import virtual
from tests.support.world import World, running


@virtual
async def test_a_dialog_that_opens_before_the_text_gets_no_text(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = await session(world)
        world.tmux.before_press = lambda press: pane.agent.ask("rm -rf /")
        await world.phone.says("tell shop y")
        await world.reply("Queued")
        await world.passes(10)
        assert pane.agent.keys == []


@pytest.mark.parametrize(("times", "told"), [(1, "✓ Delivered"), (9, "Enter was not pressed")])
def test_a_screen_that_is_being_drawn_is_looked_at_again(
    tmp_path: Path, times: int, told: str
) -> None:
    @virtual
    async def plays() -> None:
        async with running(World(tmp_path)) as world:
            pane = await session(world, said=["Tips:", "1. Ask", "2. Edit"])

            def draws(press: Press) -> None:
                if not press.paste and pane.agent.said[2].count(".") <= times:
                    pane.agent.said[2] += "."

            world.tmux.before_press = draws
            await world.phone.says("tell shop run the tests")

            await world.reply(told)
            assert (b"\r" in pane.agent.keys) == (times == 1)

    plays()


@virtual
async def test_a_text_waits_while_somebody_types_at_the_terminal(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = await session(world)
        world.tmux.typed_at[pane.key.pane] = world.clock.now()  # and nothing of it is drawn yet
        await world.phone.says("tell shop run")
        await world.reply("somebody types at its terminal")
        await world.passes(1)
        assert pane.agent.keys == []

        await world.passes(6)
        await world.reply("✓ Delivered")
        assert said(pane) == ["user: run"]


@virtual
async def test_who_typed_some_seconds_ago_keeps_no_text_waiting(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = await session(world)
        world.tmux.typed_at[pane.key.pane] = world.clock.now() - TYPES_FOR
        await world.phone.says("tell shop run")
        await world.reply("✓ Delivered")


@virtual
async def test_a_letter_typed_by_a_person_keeps_enter_away(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = await session(world)

        def joins_in(press: Press) -> None:
            pane.agent.draft += "x"

        world.tmux.after_press = joins_in
        await world.phone.says("tell shop run")
        await world.reply("did not appear whole")
        assert pane.agent.draft == "runx"


@virtual
async def test_an_agent_that_does_not_take_it_is_told_as_not_known(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = await session(world)

        def freezes(press: Press) -> None:
            pane.agent.frozen = not press.paste

        world.tmux.before_press = freezes
        await world.phone.says("tell shop run")
        assert "the agent did not take it" in (await world.reply("Not known")).text


@virtual
async def test_control_characters_never_become_keys(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = await session(world)
        await world.phone.says("tell shop a\x1b[201~\x03b")
        await world.reply("Delivered")
        assert pane.agent.keys == [b"ab", b"\r"]


@virtual
async def test_no_text_runs_in_a_shell(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = await session(world)
        await world.phone.says("tell shop !rm -rf build")
        await world.reply("Delivered")
        assert pane.agent.ran == []
        assert said(pane) == ["user: !rm -rf build"]


@virtual
async def test_a_box_that_is_one_for_a_shell_gets_no_enter(tmp_path: Path) -> None:
    """An agent that does not mind the blank before it."""
    async with running(World(tmp_path)) as world:
        pane = await session(world)

        def turns(press: Press) -> None:
            pane.agent.draft = pane.agent.draft.strip()

        world.tmux.after_press = turns
        await world.phone.says("tell shop !rm -rf build")
        await world.reply("Enter was not pressed")
        assert pane.agent.ran == []
        await world.phone.says("tell shop and more")
        assert "one for shell commands" in (await world.reply("Queued")).text


@virtual
async def test_no_other_command_is_run_than_was_written(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = await session(world, commands=("/compact", "/clear"))
        await world.phone.says("tell shop /comp")
        await world.reply("Delivered")
        assert pane.agent.said == ["user: /comp"]


@virtual
async def test_enter_waits_as_long_as_that_agent_needs(tmp_path: Path) -> None:
    """Codex 0.169.0 takes an Enter right behind a text for a line end of a paste."""
    slow = {"toy": replace(TOY, timing=Timing(enter=0.5))}
    async with running(World(tmp_path, agents=slow)) as world:
        pane = await session(world)
        at: list[float] = []
        world.tmux.before_press = lambda press: at.append(world.clock.monotonic())
        await world.phone.says("tell shop run the tests")
        await world.reply("✓ Delivered to 'shop'")
        text, enter = at
        assert 0.5 <= enter - text < 1
        assert pane.agent.keys == [b"run the tests", b"\r"]


async def ended(world: World) -> list[tuple[str, str]]:
    """What the ledger has of texts that came to an end."""
    async with world.store.snapshot() as tx:
        texts = await tx.texts.in_states(frozenset(TextState))
        told = [row.event for row in await tx.audit.since(None) if row.event.startswith("text.")]
    assert told == ["text.queued", *(f"text.{text.state.value}" for text in texts)]
    return [(text.state.value, text.reason) for text in texts]


def opens_before(step: str, pane: FakePane) -> Callable[[Press], None]:
    def opens(press: Press) -> None:
        if press.guard.press.endswith(step) and not pane.agent.done:
            pane.agent.ask("rm -rf /")

    return opens


@pytest.mark.parametrize("when", ["as the text has gone in", "as Enter goes in"])
@virtual
async def test_a_dialog_that_comes_in_between_gets_no_enter_and_the_text_follows(
    tmp_path: Path, when: str
) -> None:
    async with running(World(tmp_path)) as world:
        pane = await session(world)
        if when == "as Enter goes in":
            world.tmux.before_press = opens_before("-enter", pane)
        else:
            world.tmux.after_press = opens_before("-text", pane)
        await world.phone.says("tell shop run the tests")

        told = await world.reply("Queued for 'shop' (position 1): a dialog came up")
        assert "it stands in the input box and is sent after that" in told.text
        assert (pane.agent.done, pane.agent.keys) == ([], [b"run the tests"])
        world.tmux.wrote(pane)
        card = await world.card("rm -rf /")
        await world.passes(30)
        assert pane.agent.keys == [b"run the tests"]
        await world.hears("deny", reply_to=card.ref)
        await world.reply("✓ Delivered to 'shop'")
        await world.passes(60)
        assert pane.agent.done == [("escape", "rm -rf /", "")]
        assert pane.agent.keys == [b"run the tests", b"\x1b", b"\r"]
        assert said(pane) == ["user: run the tests"]
        assert await ended(world) == [("delivered", "it stands on the screen as said")]


@pytest.mark.parametrize(
    ("draft", "why"),
    [("run the tests now", "somebody has changed it"), ("", "is not there any more")],
)
@virtual
async def test_what_was_typed_and_then_changed_gets_no_enter(
    tmp_path: Path, draft: str, why: str
) -> None:
    async with running(World(tmp_path)) as world:
        pane = await session(world)
        world.tmux.after_press = opens_before("-text", pane)
        await world.phone.says("tell shop run the tests")
        await world.reply("it stands in the input box")
        pane.agent.asks.clear()
        pane.agent.draft = draft
        world.tmux.wrote(pane)
        assert why in (await world.reply("Not known whether 'shop' got it")).text
        await world.passes(60)
        assert (pane.agent.keys, pane.agent.draft) == ([b"run the tests"], draft)


@virtual
async def test_without_a_second_sign_it_is_not_told_as_taken_nor_sent_twice(
    tmp_path: Path,
) -> None:
    async with running(World(tmp_path)) as world:
        pane = await session(world, silent=True)
        await world.phone.says("tell shop run the tests")
        told = await world.reply("↗ Sent to 'shop', but no sign yet that it was taken")
        assert "It is not sent again by itself" in told.text
        assert told.button("Look") == "peek shop"
        await world.passes(3600)
        assert pane.agent.keys == [b"run the tests", b"\r"]
        assert not any("Delivered" in title for title in world.phone.titles())
        assert [state for state, _ in await ended(world)] == ["unconfirmed"]


@virtual
async def test_an_agent_that_sets_to_work_has_taken_it(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = await session(world, silent=True)

        def works(press: Press) -> None:
            pane.agent.busy = not press.paste

        world.tmux.after_press = works
        await world.phone.says("tell shop run the tests")
        await world.reply("✓ Delivered to 'shop'")
        assert await ended(world) == [("delivered", "the agent set to work")]


@virtual
async def test_an_agent_that_queues_it_is_told_as_that(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        await session(world, queues=True)
        await world.phone.says("tell shop run the tests")
        await world.reply("✓ Delivered to 'shop', which is busy: it has queued the text itself")
        assert await ended(world) == [("handed", "")]


TRANSCRIPT = "/home/dev/.claude/projects/-home-dev-shop/c0ffee.jsonl"
ACCOUNT = "/home/dev/.claude/sessions/77.json"


def account(world: World, status: str) -> str:
    since = int(world.clock.now().timestamp() * 1000)
    return json.dumps({"status": status, "statusUpdatedAt": since})


def row(text: str) -> str:
    return json.dumps({"type": "user", "message": {"role": "user", "content": text}}) + "\n"


@pytest.mark.parametrize(
    ("written", "status", "told"),
    [
        ("run the tests", "idle", ("delivered", "it stands in the agent's own record")),
        ("run other tests", "idle", ("unconfirmed", "")),
        ("", "busy", ("delivered", "the agent says of itself that it works")),
        ("", "waiting", ("delivered", "the agent says of itself that it works")),
        ("", "idle", ("unconfirmed", "")),
    ],
)
@virtual
async def test_what_the_agent_writes_of_itself_is_a_sign(
    tmp_path: Path, written: str, status: str, told: tuple[str, str]
) -> None:
    async with running(World(tmp_path)) as world:
        pane = await session(world, silent=True)
        roster = world.services.roster
        await roster.change(
            SessionName("shop"), lambda now: replace(now, transcript=TRANSCRIPT, agent_pid=77)
        )
        world.accounts[TRANSCRIPT] = row("run the tests")  # an earlier one proves nothing
        world.accounts[ACCOUNT] = account(world, "idle")

        def takes(press: Press) -> None:
            if not press.paste:
                world.accounts[TRANSCRIPT] += row(written) if written else ""
                world.accounts[ACCOUNT] = account(world, status)

        world.tmux.after_press = takes
        await world.phone.says("tell shop run the tests")
        await world.reply("'shop'")
        state, why = (await ended(world))[0]
        assert state == told[0]
        assert not told[1] or why == told[1]
        assert pane.agent.taken == ["run the tests"]


@virtual
async def test_an_enter_that_a_dialog_swallowed_is_told_and_not_pressed_again(
    tmp_path: Path,
) -> None:
    """Claude Code 2.1.329 drops Enter in the first 150 ms of a dialog; the draft comes back."""
    async with running(World(tmp_path)) as world:
        pane = await session(world)

        def swallows(press: Press) -> None:
            pane.agent.frozen = not press.paste

        def opens(press: Press) -> None:
            if not press.paste:
                pane.agent.ask("rm -rf /")

        world.tmux.before_press, world.tmux.after_press = swallows, opens
        await world.phone.says("tell shop run the tests")
        told = await world.reply("no sign yet that it was taken")
        assert "A dialog came up as it was sent" in told.text
        pane.agent.frozen = False
        pane.agent.asks.clear()
        world.tmux.wrote(pane)
        await world.passes(120)
        assert (pane.agent.draft, pane.agent.done) == ("run the tests", [])


@virtual
async def test_a_text_may_take_seconds_to_be_drawn(tmp_path: Path) -> None:
    """Qwen Code 0.24.4 took 2.3 s once, on a busy machine."""
    async with running(World(tmp_path)) as world:
        pane = await session(world)
        began = world.clock.monotonic()

        def drawn_late(press: Press) -> None:
            if not pane.agent.keys:
                pane.agent.frames.extend([[">"]] * 100)

        world.tmux.before_press = drawn_late
        await world.phone.says("tell shop run the tests")
        await world.reply("✓ Delivered to 'shop'")
        assert world.clock.monotonic() - began > 3
        assert pane.agent.keys == [b"run the tests", b"\r"]
