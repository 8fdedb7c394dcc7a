"""Every recorded dialog, answered in every way while others move its caret: the key that settles
it lands on the row that was chosen, or there is no such key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.agent import AgentSpec
from bot.core.answering import MAX_STEPS, goal, next_step
from bot.core.decisions import Decision, Verdict
from bot.core.errors import Refused
from bot.core.goals import Cancel, Goal, Mark, Pick, Write
from bot.core.prompts import ANSWERABLE, Prompt, Role
from bot.registry import leaves
from tests.support.menu import Menu
from tests.support.screens import golden_screens

AGENTS: dict[str, AgentSpec] = leaves("bot.agents", "AGENT")
ALLOWING = {Role.ALLOW_ONCE, Role.ACCEPT, Role.SUBMIT}


def _dialogs() -> list[tuple[str, Prompt]]:
    """One of each kind: the same dialog at another width is no other one here."""
    found: dict[object, tuple[str, Prompt]] = {}
    for name, spec in AGENTS.items():
        for golden in golden_screens(name):
            prompt = spec.read_screen(golden.screen).prompt
            if prompt is not None and prompt.kind in ANSWERABLE:
                rows = tuple((c.role, c.label, c.checked) for c in prompt.choices)
                found.setdefault((name, prompt.kind, rows), (name, prompt))
    return list(found.values())


DIALOGS = _dialogs()
DECISIONS = st.builds(
    Decision,
    st.sampled_from(Verdict),
    st.sampled_from(["", "use the other folder"]),
    st.lists(st.integers(1, 6), max_size=3).map(tuple),
)
MOVES = st.lists(st.integers(-3, 3), max_size=6)


def test_there_are_dialogs_of_every_agent_that_can_be_answered() -> None:
    assert {name for name, _ in DIALOGS} >= {"claude", "opencode"}
    assert len(DIALOGS) > 80


@given(st.sampled_from(DIALOGS), st.lists(st.tuples(DECISIONS, MOVES), min_size=1, max_size=3))
def test_the_row_that_was_chosen_or_none(
    dialog: tuple[str, Prompt], tries: Sequence[tuple[Decision, Sequence[int]]]
) -> None:
    """Several decisions one after the other on the same dialog, as long as it stands."""
    name, prompt = dialog
    if not any(choice.selected for choice in prompt.choices) and not prompt.choices[0].word:
        return  # no colours were recorded: which row is marked can't be told
    # A dialog that scrolls shows some of its rows: the first need not be number one.
    marked = (at for at, choice in enumerate(prompt.choices) if choice.selected)
    menu = Menu.of(prompt, next(marked, 0))
    menu.typing = prompt.typing
    for decision, moves in tries:
        if menu.settled:
            return
        try:
            aim = goal(menu.prompt(), decision)
            _drive(name, menu, aim, moves)
        except Refused:
            assert not menu.settled
            continue
        _judge(menu, aim, decision)


def _drive(name: str, menu: Menu, aim: Goal, moves: Sequence[int]) -> None:
    keys, written = AGENTS[name].keys, False
    known = {getattr(keys, field.name) for field in fields(keys)} - {b""}
    back, on = (keys.left, keys.right) if menu.base.across else (keys.up, keys.down)
    somebody = iter(moves)
    for _ in range(MAX_STEPS):
        by = next(somebody, 0)
        for _ in range(abs(by)):
            menu.press(on if by > 0 else back)
        key = next_step(aim, menu.prompt(), keys, written=written)
        # no letter is an answer: the same one allows here, and denies elsewhere
        assert key.types or key.line or key.data in known
        written = written or key.types
        menu.press(key.data)
        if key.deciding:
            return


def _judge(menu: Menu, aim: Goal, decision: Decision) -> None:
    settled = {row.role for row in menu.rows if row.label == menu.chosen}
    match aim:
        case Cancel():
            assert menu.chosen is None
        case Pick(row) | Write(row, _) | Mark(_, row):
            assert menu.chosen in (None, row.label)
            assert not menu.cancelled
    if decision.verdict is Verdict.DENY:
        assert not (menu.chosen or "").casefold().startswith("yes")
        assert not settled & ALLOWING
    if decision.verdict is Verdict.APPROVE and menu.chosen is not None:
        assert settled & ALLOWING


@pytest.mark.parametrize("verdict", [Verdict.APPROVE, Verdict.ALWAYS])
def test_what_nobody_has_seen_whole_is_never_allowed(verdict: Verdict) -> None:
    unseen = [prompt for _, prompt in DIALOGS if not prompt.complete]
    assert unseen
    for prompt in unseen:
        with pytest.raises(Refused):
            goal(prompt, Decision(verdict))
