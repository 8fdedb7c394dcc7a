"""One decision, key by key: each on the dialog that was decided on, each in the ledger first."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.agent import Timing
from bot.core.approvals import PromptState
from bot.core.press import Press
from bot.core.prompts import Role
from bot.core.records import PressRecord, PressState, PromptRecord
from bot.services.pressing import MISSES
from tests.support.faketmux import FakePane
from tests.support.toy import TOY, YES_ALWAYS_NO, ToyAgent
from tests.support.virtual import virtual
from tests.support.world import World, running

COLOURS = (
    (Role.ANSWER, "[ ] red"),
    (Role.ANSWER, "[ ] green"),
    (Role.ANSWER, "[ ] blue"),
    (Role.SUBMIT, "Submit"),
)


async def asked(world: World, subject: str, **rows: object) -> tuple[FakePane, str]:
    pane, card = await world.asked(subject, **rows)
    return pane, card.notice.code


async def presses(world: World, code: str) -> tuple[PromptRecord, tuple[PressRecord, ...]]:
    record = await world.record(code)
    async with world.store.snapshot() as tx:
        return record, await tx.presses.of(record.id)


@virtual
async def test_each_key_has_its_row_and_only_the_last_one_decides(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane, code = await asked(world, "make clean", rows=YES_ALWAYS_NO)
        await world.hears(f"always {code}")
        record, rows = await presses(world, code)
    assert record.state is PromptState.CONFIRMED
    assert [(row.keys, row.deciding, row.state) for row in rows] == [
        ("Down", False, PressState.APPLIED),
        ("Enter", True, PressState.APPLIED),
    ]
    assert [row.id for row in rows] == [f"{record.id}-0", f"{record.id}-1"]
    assert pane.agent.keys == [b"\x1b[B", b"\r"]


@virtual
async def test_the_row_is_there_before_the_key(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        _, code = await asked(world, "make")
        seen: list[int] = []
        real = world.tmux.press

        async def looks_first(press: Press) -> object:
            record, rows = await presses(world, code)
            assert record.state is PromptState.ATTEMPTING
            seen.append(sum(row.state is PressState.ATTEMPTING for row in rows))
            return await real(press)

        world.tmux.press = looks_first  # type: ignore[method-assign,assignment]
        await world.hears(f"approve {code}")
    assert seen == [1]


@virtual
async def test_a_young_dialog_is_left_to_stand_first(tmp_path: Path) -> None:
    """The agent swallows keys in the first moments."""
    async with running(World(tmp_path)) as world:
        pane, code = await asked(world, "make")
        record, _ = await presses(world, code)
        at: list[float] = []
        world.tmux.before_press = lambda press: at.append(
            (world.clock.now() - record.opened_at).total_seconds()
        )
        await world.hears(f"approve {code}")
        assert at[0] >= 0.3
        assert pane.agent.done


@virtual
async def test_boxes_are_ticked_one_by_one_and_submitted(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane, code = await asked(world, "question: which?", rows=COLOURS)
        answer = await world.hears(f"choose {code} 1,3")
        assert "answered: red, blue" in answer.text
        assert pane.agent.done == [("submit", "question: which?", "red, blue")]


@virtual
async def test_the_dialog_that_changes_between_two_keys_gets_no_more(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane, code = await asked(world, "make clean", rows=YES_ALWAYS_NO)

        def flips(press: Press) -> None:
            pane.agent.asks[0] = ("rm -rf /", YES_ALWAYS_NO)

        world.tmux.after_press = flips
        answer = await world.hears(f"always {code}")
        assert "the screen is not the one you saw" in answer.text
        assert pane.agent.done == []
        assert pane.agent.keys == [b"\x1b[B"]


@virtual
async def test_a_caret_that_does_not_move_ends_it_with_nothing_chosen(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane, code = await asked(world, "make clean", rows=YES_ALWAYS_NO)
        pane.agent.frozen = True
        answer = await world.hears(f"always {code}")
        assert "did not follow the key" in answer.text
        assert pane.agent.keys == [b"\x1b[B"]


@virtual
async def test_a_caret_that_a_person_moves_meanwhile_is_brought_back(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane, code = await asked(world, "make clean", rows=YES_ALWAYS_NO)
        meddled: list[Press] = []

        def meddles(press: Press) -> None:
            if not meddled:
                meddled.append(press)
                pane.agent.caret = 2

        world.tmux.after_press = meddles
        await world.hears(f"always {code}")
        assert [how for how, _, _ in pane.agent.done] == ["allow_always"]


@virtual
async def test_enter_on_another_row_than_the_one_seen_is_refused_by_tmux(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane, code = await asked(world, "make")

        def moves(press: Press) -> None:
            pane.agent.caret = 1

        world.tmux.before_press = moves
        answer = await world.hears(f"approve {code}")
        assert "Not pressed" in answer.text
        assert pane.agent.done == []


@virtual
async def test_an_arrow_whose_fate_is_lost_chooses_nothing(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane, code = await asked(world, "make clean", rows=YES_ALWAYS_NO)
        world.tmux.loses = []
        answer = await world.hears(f"always {code}")
        assert "Nothing was chosen" in answer.text
        record, _ = await presses(world, code)
        assert record.state is PromptState.REFUSED
        assert pane.agent.done == []


@virtual
async def test_a_deny_is_escape_where_the_agent_documents_it(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane, code = await asked(world, "make")
        await world.hears(f"deny {code}")
        assert pane.agent.keys == [b"\x1b"]


@virtual
async def test_only_a_decided_prompt_can_be_carried_out(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        _, code = await asked(world, "make")
        record, _ = await presses(world, code)
        presser = world.services.approvals._carrier._presser
        for act in (presser.carry_out, presser.confirm):
            with pytest.raises(ValueError, match="only a decided prompt"):
                await act(record)


@pytest.mark.parametrize("one_letter", [False, True])
@virtual
async def test_a_line_that_asks_gets_the_word_and_enter_only_where_it_waits_for_it(
    tmp_path: Path, one_letter: bool
) -> None:
    async with running(World(tmp_path)) as world:
        pane = world.session("shop", ToyAgent(one_letter=one_letter))
        world.asks(pane, "line: delete?")
        card = await world.card("delete?")
        pane.agent.on_answer = lambda: pane.agent.ask("the next")
        await world.hears(f"approve {card.notice.code}")
        record, rows = await presses(world, card.notice.code)
    assert record.state is PromptState.CONFIRMED
    keys = [b"y"] if one_letter else [b"y", b"\r"]
    assert pane.agent.keys == keys
    assert pane.agent.done == [("line", "delete?", b"".join(keys).decode())]
    assert [row.deciding for row in rows] == [True, False][: len(keys)]


@virtual
async def test_a_line_that_hangs_on_the_word_is_told_as_not_confirmed(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = world.session("shop")
        world.asks(pane, "line: delete?")
        card = await world.card("delete?")

        def another_letter(press: Press) -> None:
            world.tmux.after_press = lambda press: None
            pane.agent.draft += "x"

        world.tmux.after_press = another_letter
        await world.hears(f"deny {card.notice.code}")
        record = await world.record(card.notice.code)
    assert pane.agent.keys == [b"n"]
    assert record.state is PromptState.APPLIED
    assert record.closed_at is not None


@virtual
async def test_an_agent_whose_keys_nobody_knows_is_not_answered(tmp_path: Path) -> None:
    async with running(World(tmp_path, agents={})) as world:
        pane, code = await asked(world, "make")
        answer = await world.hears(f"approve {code}")
    assert "I don't know which keys" in answer.text
    assert pane.agent.keys == []


@virtual
async def test_how_long_a_dialog_has_to_stand_is_the_agents_own(tmp_path: Path) -> None:
    slow = {"toy": replace(TOY, timing=Timing(dialog=2.0))}
    async with running(World(tmp_path, agents=slow)) as world:
        _, code = await asked(world, "make")
        record = await world.record(code)
        at: list[float] = []
        world.tmux.before_press = lambda press: at.append(
            (world.clock.now() - record.opened_at).total_seconds()
        )
        await world.hears(f"approve {code}")
    assert at[0] >= 2.0


@virtual
async def test_a_field_that_is_drawn_after_the_caret_is_waited_for(tmp_path: Path) -> None:
    rows = ((Role.ANSWER, "SQLite"), (Role.OTHER, "Other"))
    async with running(World(tmp_path)) as world:
        pane, code = await asked(world, "question: which?", rows=rows)

        def half_drawn(press: Press) -> None:
            if press.data == b"\x1b[B":
                shown = ["question: which?", "  1 answer SQLite", "> 2 other Other"]
                pane.agent.frames = [shown] * 12

        world.tmux.after_press = half_drawn
        await world.hears(f"answer {code} MariaDB 11")

        assert pane.agent.done == [("other", "question: which?", "MariaDB 11")]
        assert pane.agent.keys == [b"\x1b[B", b"MariaDB 11", b"\r"]


@virtual
async def test_what_is_drawn_just_before_a_key_makes_no_other_dialog(tmp_path: Path) -> None:
    """Gemini (0.61.0) draws the footer of a dialog a moment after its caret."""
    async with running(World(tmp_path)) as world:
        pane, code = await asked(world, "make clean", rows=YES_ALWAYS_NO)
        pane.agent.footer = "Enter to select"
        missed: list[bytes] = []

        def draws(press: Press) -> None:
            if len(missed) in (0, 2):
                pane.agent.footer = f"Enter to submit {len(missed)}"
            missed.append(press.data)

        world.tmux.before_press = draws
        await world.hears(f"always {code}")
        record, rows = await presses(world, code)
    assert record.state is PromptState.CONFIRMED
    assert pane.agent.keys == [b"\x1b[B", b"\r"]
    assert [(row.keys, row.state) for row in rows] == [
        ("Down", PressState.REFUSED),
        ("Down", PressState.APPLIED),
        ("Enter", PressState.REFUSED),
        ("Enter", PressState.APPLIED),
    ]
    assert len(pane.agent.done) == 1


@virtual
async def test_a_screen_that_never_rests_gets_no_key(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane, code = await asked(world, "make clean")
        pane.agent.footer = "."

        def draws(press: Press) -> None:
            pane.agent.footer += "."

        world.tmux.before_press = draws
        answer = await world.hears(f"approve {code}")
        record, rows = await presses(world, code)
    assert "the screen is not the one you saw" in answer.text
    assert record.state is PromptState.REFUSED
    assert {row.state for row in rows} == {PressState.REFUSED}
    assert len(rows) == MISSES + 1
    assert pane.agent.keys == []


@virtual
async def test_half_a_redraw_is_looked_at_again(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane, code = await asked(world, "make clean", rows=YES_ALWAYS_NO)
        world.tmux.after_press = lambda press: pane.agent.frames.append(["ask: make clean"])
        await world.hears(f"always {code}")
        assert [how for how, _, _ in pane.agent.done] == ["allow_always"]
