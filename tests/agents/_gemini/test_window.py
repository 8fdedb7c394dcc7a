"""A list of which three rows are in sight at a time, answered on a stand-in that scrolls so."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.agents._gemini.window import window
from bot.core.agent import Keys
from bot.core.answering import MAX_STEPS, goal, next_step, same_dialog, same_prompt, step_along
from bot.core.decisions import Decision, Verdict
from bot.core.errors import Refused
from bot.core.goals import Goal
from bot.core.prompts import Kind, Prompt, Role
from bot.core.scrolling import joined, way_through

BASE = Prompt(Kind.QUESTION, "gemini", "ask_user", "Which parts?", "Which parts?")
KEYS = Keys()
ANSWERS = ("Sign-in", "Audit log", "Search", "Export")
ALL, OWN, DONE = "All of the above", "Enter a custom value", "Done"
WORDS = "none of these"


@dataclass
class Scrolling:
    """Gemini's list: its window moves when the caret leaves it, and the caret goes round."""

    ticked: set[int]
    several: bool = True
    caret: int = 0
    top: int = 0
    own: str = ""
    sent: str | None = None

    def __post_init__(self) -> None:
        self._scroll()

    @property
    def rows(self) -> list[str]:
        own = self.own or OWN
        return [*ANSWERS, ALL, own, DONE] if self.several else [*ANSWERS, own]

    @property
    def field(self) -> int:
        return len(ANSWERS) + self.several

    def prompt(self) -> Prompt:
        drawn = []
        for at in range(self.top, self.top + 3):
            mark = "●" if at == self.caret else " "
            if self.rows[at] == DONE:
                drawn.append(f"{mark}  Done")
                continue
            box = f"[{'x' if self._is_ticked(at) else ' '}]" if self.several else ""
            drawn.append(f"{mark} {at + 1}. {box} {self.rows[at]}")
            if self.rows[at] == ALL:
                drawn.append("          Select all options")
            elif at < len(ANSWERS):
                drawn.append("          more of it")
        writes = self.caret == self.field
        found = window(BASE, ["▲", *drawn, "▼"], 0, several=self.several, writes=writes)
        assert found is not None
        return found

    def _is_ticked(self, at: int) -> bool:
        return at in self.ticked or (at == self.field and bool(self.own))

    def press(self, data: bytes) -> None:
        assert self.sent is None
        if data in (KEYS.down, KEYS.up):
            by = 1 if data == KEYS.down else -1
            self.caret = (self.caret + by) % len(self.rows)
            self._scroll()
        elif data != KEYS.enter:
            assert self.caret == self.field
            self.own += data.decode()
        elif not self.several:
            self.sent = self.rows[self.caret]
        elif self.caret < len(ANSWERS):
            self.ticked ^= {self.caret}
        else:
            assert self.caret != len(ANSWERS), "All of the above"
            assert self.caret != self.field or self.own
            chosen = [ANSWERS[at] for at in sorted(self.ticked)]
            self.sent = ", ".join([*chosen, self.own] if self.own else chosen)

    def _scroll(self) -> None:
        self.top = min(max(self.top, self.caret - 2), self.caret)
        self.top = min(self.top, len(self.rows) - 3)


def choose(*rows: int) -> Decision:
    return Decision(Verdict.CHOOSE, numbers=rows)


def answer(words: str) -> Decision:
    return Decision(Verdict.ANSWER, words)


def looked_through(agent: Scrolling) -> Prompt:
    """As a person has it who asked for all rows: the caret comes back to where it was."""
    known, begun = agent.prompt(), agent.caret
    for _ in range(MAX_STEPS):
        known = joined(known, agent.prompt())
        by = way_through(known)
        if not by:
            break
        agent.press(step_along(by, KEYS).data)
    while agent.caret != begun:
        agent.press(step_along(begun - agent.caret, KEYS).data)
    assert not known.unseen_rows
    return known


def driven(agent: Scrolling, seen: Prompt, aim: Goal) -> None:
    known, written = agent.prompt(), False
    for _ in range(MAX_STEPS):
        now = agent.prompt()
        assert same_dialog(seen, now, aim)
        known = joined(known, now)
        key = next_step(aim, known, KEYS, written=written)
        written = written or key.types
        agent.press(key.data)
        assert (agent.sent is not None) == key.deciding
        if key.deciding:
            return


TICKS = st.sets(st.integers(0, 3))


@settings(max_examples=60)
@given(st.sets(st.integers(1, 4), min_size=1), TICKS, st.integers(0, 6), st.integers(0, 6))
def test_what_was_chosen_is_sent_and_nothing_else(
    chosen: set[int], before: set[int], looked_from: int, decided_at: int
) -> None:
    """Also where somebody had ticked other rows, in sight or not, or has moved the caret."""
    agent = Scrolling(set(before), caret=looked_from)
    seen = looked_through(agent)
    aim = goal(seen, choose(*chosen))
    agent.caret = decided_at
    agent._scroll()
    assert same_prompt(seen, agent.prompt(), aim)

    driven(agent, seen, aim)

    assert agent.sent == ", ".join(ANSWERS[number - 1] for number in sorted(chosen))


@settings(max_examples=60)
@given(TICKS)
def test_the_row_for_all_ticks_each(before: set[int]) -> None:
    agent = Scrolling(set(before))
    seen = looked_through(agent)
    driven(agent, seen, goal(seen, choose(5)))
    assert agent.sent == ", ".join(ANSWERS)


@settings(max_examples=60)
@given(TICKS, st.integers(0, 6), st.booleans())
def test_own_words_are_sent_alone(before: set[int], caret: int, looks: bool) -> None:
    """Also where nobody has looked for the row that takes them."""
    agent = Scrolling(set(before), caret=caret)
    seen = looked_through(agent) if looks else agent.prompt()
    driven(agent, seen, goal(seen, answer(WORDS)))
    assert agent.sent == WORDS


@settings(max_examples=60)
@given(st.integers(1, 4), st.integers(0, 4), st.integers(0, 4))
def test_one_of_a_long_list(chosen: int, looked_from: int, decided_at: int) -> None:
    agent = Scrolling(set(), several=False, caret=looked_from)
    seen = looked_through(agent)
    assert [choice.role for choice in seen.choices] == [*[Role.ANSWER] * 4, Role.OTHER]
    agent.caret = decided_at
    agent._scroll()
    driven(agent, seen, goal(seen, choose(chosen)))
    assert agent.sent == ANSWERS[chosen - 1]


@settings(max_examples=60)
@given(st.integers(0, 4), st.booleans())
def test_own_words_for_a_long_list(caret: int, looks: bool) -> None:
    agent = Scrolling(set(), several=False, caret=caret)
    seen = looked_through(agent) if looks else agent.prompt()
    driven(agent, seen, goal(seen, answer(WORDS)))
    assert agent.sent == WORDS


def test_a_row_that_nobody_has_seen_is_not_chosen() -> None:
    for several in (True, False):
        seen = Scrolling(set(), several=several).prompt()
        assert seen.unseen_rows
        with pytest.raises(Refused, match="row 4 has not been in sight"):
            goal(seen, choose(4))
    for caret in (4, 5, 6):
        with pytest.raises(Refused, match="look at all of them first"):
            goal(Scrolling(set(), caret=caret).prompt(), choose(5))


def test_done_alone_sends_nothing_that_somebody_has_ticked() -> None:
    agent = Scrolling({3})
    driven(agent, agent.prompt(), goal(agent.prompt(), choose(0)))
    assert agent.sent == ""


def test_words_that_somebody_has_written_are_not_sent_along() -> None:
    agent = Scrolling(set())
    seen = looked_through(agent)
    agent.own = "my own"
    with pytest.raises(Refused, match="words of their own"):
        driven(agent, seen, goal(seen, choose(1)))
    assert agent.sent is None


def test_another_row_in_a_place_that_was_known_is_not_chosen() -> None:
    agent = Scrolling(set(), several=False)
    seen = looked_through(agent)
    rows = ["▲", "  2.  Audit log", "  3.  Search", "● 4.  Delete it", "▼"]
    other = window(BASE, rows, 0, several=False, writes=False)
    assert other is not None
    aim = goal(seen, choose(4))
    assert not same_dialog(seen, other, aim)
    with pytest.raises(Refused, match="not those that were there"):
        joined(seen, other)
    with pytest.raises(Refused, match="not there any more"):
        next_step(aim, other, KEYS)


def test_another_list_in_its_place_is_another_dialog() -> None:
    seen = Scrolling(set()).prompt()
    aim = goal(seen, choose(1))
    rows = ["▲", "● 1. [ ] Delete it", "  2. [ ] Audit log", "  3. [ ] Search", "▼"]
    other = window(BASE, rows, 0, several=True, writes=False)

    assert other is not None
    assert not same_dialog(seen, other, aim)


def test_own_words_in_their_row_are_somebodys() -> None:
    above = ["  5. [ ] All of the above", "          Select all options"]
    rows = ["▲", *above, "● 6. [x] my own", "▼"]
    for writes in (True, False):  # the hint at the foot comes a moment after the caret
        found = window(BASE, rows, 0, several=True, writes=writes)
        assert found is not None
        assert found.choices[1].role is Role.OTHER
        assert found.choices[1].checked
        assert found.typing is writes


@pytest.mark.parametrize(
    "rows",
    [
        ["● 1. [ ] Sign-in", "  2. [ ] Search"],
        ["▲", "  1. [ ] Sign-in", "  2. [ ] Search", "▼"],
        ["▲", "● 1. [ ] Sign-in", "  3. [ ] Search", "▼"],
        ["▲", "● 1. [ ] Sign-in", "  2.  Search", "▼"],
        ["▲", "● 1. [ ] Sign-in", "something else", "▼"],
        ["▲", "● 1. [ ] Sign-in", "▼"],
        ["▲", "▼"],
    ],
)
def test_what_is_no_such_list(rows: list[str]) -> None:
    assert window(BASE, rows, 0, several=True, writes=False) is None


def test_a_list_without_boxes_has_no_row_that_sends() -> None:
    rows = ["▲", "● 1.  Sign-in", "   Done", "▼"]
    assert window(BASE, rows, 0, several=False, writes=False) is None


@pytest.mark.parametrize("marked", [DONE, ALL])
def test_a_hint_that_lags_behind_the_caret_is_nobody_who_writes(marked: str) -> None:
    agent = Scrolling(set(), caret=Scrolling(set()).rows.index(marked))
    assert not agent.prompt().typing
