"""A list of which three rows are in sight at a time, answered on a stand-in that scrolls so."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from bot.agents._gemini.several import several
from hypothesis import given
from hypothesis import strategies as st

from bot.core.agent import Keys
from bot.core.answering import MAX_STEPS, goal, in_sight, next_step, same_dialog, same_prompt
from bot.core.decisions import Decision, Verdict
from bot.core.errors import Refused
from bot.core.prompts import Kind, Prompt, Role

BASE = Prompt(Kind.QUESTION, "gemini", "ask_user", "Which parts?", "Which parts?")
KEYS = Keys()
ANSWERS = ("Sign-in", "Audit log", "Search", "Export")


@dataclass
class Scrolling:
    """Gemini's list: its window moves when the caret leaves it."""

    ticked: set[int]
    caret: int = 0
    top: int = 0
    sent: frozenset[int] | None = None
    wrong: str = ""

    @property
    def rows(self) -> list[str]:
        boxes = [*ANSWERS, "All of the above", "Enter a custom value"]
        return [*boxes, "Done"]

    def prompt(self) -> Prompt:
        drawn = []
        for at in range(self.top, self.top + 3):
            mark = "●" if at == self.caret else " "
            tick = "x" if at in self.ticked else " "
            label = self.rows[at]
            drawn.append(
                f"{mark}  Done" if label == "Done" else f"{mark} {at + 1}. [{tick}] {label}"
            )
            drawn.append("         more of it")
        found = several(BASE, ["▲", *drawn, "▼"], 0, writes=self.rows[self.caret][:5] == "Enter")
        assert found is not None
        return found

    def press(self, data: bytes) -> None:
        if data in (KEYS.down, KEYS.up):
            by = 1 if data == KEYS.down else -1
            self.caret = min(max(self.caret + by, 0), len(self.rows) - 1)
            self.top = min(max(self.top, self.caret - 2), self.caret)
        elif data == KEYS.enter and self.rows[self.caret] == "Done":
            self.sent = frozenset(self.ticked)
        elif data == KEYS.enter and self.caret < len(ANSWERS):
            self.ticked ^= {self.caret}
        else:
            self.wrong = self.rows[self.caret]


def choose(*rows: int) -> Decision:
    return Decision(Verdict.CHOOSE, numbers=rows)


@given(st.sets(st.integers(1, 3), min_size=1), st.sets(st.integers(0, 3)))
def test_what_was_chosen_is_sent_and_nothing_else(chosen: set[int], before: set[int]) -> None:
    """Also where somebody had ticked other rows, in sight or not."""
    agent = Scrolling(set(before))
    seen = agent.prompt()
    aim = goal(seen, choose(*chosen))
    for _ in range(MAX_STEPS):
        now = agent.prompt()
        assert same_dialog(seen, now, aim)
        assert same_prompt(seen, now, aim)
        agent.press(next_step(aim, now, KEYS).data)
        if agent.sent is not None:
            break

    assert agent.sent == frozenset(number - 1 for number in chosen)
    assert not agent.wrong


def test_rows_that_are_out_of_sight_are_not_chosen() -> None:
    agent = Scrolling(set())
    aim = goal(agent.prompt(), choose(1))
    assert in_sight(aim, agent.prompt())
    for _ in range(4):
        agent.press(KEYS.down)

    assert not in_sight(aim, agent.prompt())
    with pytest.raises(Refused, match="there is no row 6"):
        goal(Scrolling(set()).prompt(), choose(6))
    with pytest.raises(Refused, match="for the terminal"):
        goal(agent.prompt(), choose(5))


def test_another_list_in_its_place_is_another_dialog() -> None:
    seen = Scrolling(set()).prompt()
    aim = goal(seen, choose(1))
    rows = ["▲", "● 1. [ ] Delete it", "  2. [ ] Audit log", "  3. [ ] Search", "▼"]
    other = several(BASE, rows, 0, writes=False)

    assert other is not None
    assert not same_dialog(seen, other, aim)


def test_own_words_in_their_row_are_somebodys() -> None:
    rows = ["▲", "  5. [ ] All of the above", "● 6. [x] my own", "   Done", "▼"]
    found = several(BASE, rows, 0, writes=True)

    assert found is not None
    assert (found.typing, found.choices[1].role) == (True, Role.BACK)


@pytest.mark.parametrize(
    "rows",
    [
        ["● 1. [ ] Sign-in"],
        ["▲", "  1. [ ] Sign-in", "▼"],
        ["▲", "● 1. [ ] Sign-in", "  3. [ ] Search", "▼"],
        ["▲", "● 1. [ ] Sign-in", "something else", "▼"],
        ["▲", "▼"],
    ],
)
def test_what_is_no_such_list(rows: list[str]) -> None:
    assert several(BASE, rows, 0, writes=False) is None


@pytest.mark.parametrize(
    "rows",
    [
        ["▲", "  5. [ ] All of the above", "  6. [ ] Enter a custom value", "●  Done", "▼"],
        ["▲", "  4. [ ] Export", "● 5. [ ] All of the above", "▼"],
        ["▲", "● 6. [ ] Enter a custom value", "   Done", "▼"],
    ],
)
def test_a_hint_that_lags_behind_the_caret_is_nobody_who_writes(rows: list[str]) -> None:
    found = several(BASE, rows, 0, writes=True)

    assert found is not None
    assert not found.typing
