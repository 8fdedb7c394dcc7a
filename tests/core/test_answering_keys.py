"""Decisions driven key by key into a dialog that obeys, moves, loses rows or is typed into."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.answering import MAX_STEPS, goal, next_step
from bot.core.answering import same_dialog as is_same
from bot.core.decisions import Decision, Verdict
from bot.core.errors import Refused
from bot.core.goals import Cancel, Goal, Mark, Pick, Write
from bot.core.prompts import Kind, Prompt, Role
from tests.support.menu import KEYS, SHAPES, Menu, dialog

Change = Callable[[Menu], None]


def drive(menu: Menu, aim: Goal, between: Sequence[Change] = (), *, look: bool = True) -> bool:
    """Presses key after key, with something happening before each; whether it came to an end.

    ``look``: compare with the dialog that was decided on, as every press does. Rows are found by
    their labels without it, too; a field full of our own text has no label any more."""
    seen = menu.prompt()
    look = look or isinstance(aim, Write)
    changes = iter(between)
    written = False
    for _ in range(MAX_STEPS):
        next(changes, lambda _: None)(menu)
        now = menu.prompt()
        if look and not is_same(seen, now, aim):
            raise Refused("another dialog")
        key = next_step(aim, now, KEYS, written=written)
        written = written or key.types
        menu.press(key.data)
        if key.deciding:
            return True
    return False


def decide(menu: Menu, verdict: str, text: str = "", *rows: int) -> Menu:
    assert drive(menu, goal(menu.prompt(), Decision(Verdict(verdict), text, rows)))
    return menu


CARETS = range(6)


@pytest.mark.parametrize("wraps", [False, True])
@pytest.mark.parametrize("caret", CARETS)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("verdict", ["approve", "always", "deny"])
def test_enter_lands_on_the_row_that_was_meant(
    shape: str, caret: int, wraps: bool, verdict: str
) -> None:
    prompt = SHAPES[shape]
    menu = Menu.of(prompt, caret % len(prompt.choices), wraps=wraps)
    try:
        aim = goal(prompt, Decision(Verdict(verdict)))
    except Refused:
        return
    assert drive(menu, aim)
    if isinstance(aim, Cancel):
        assert menu.cancelled
        return
    assert isinstance(aim, Pick)
    assert menu.chosen == aim.row.label
    assert not menu.leaked


@pytest.mark.parametrize("caret", range(3))
def test_a_reason_goes_into_the_row_for_no(caret: int) -> None:
    menu = decide(Menu.of(SHAPES["three rows"], caret), "deny", "use yarn\nplease")
    assert (menu.chosen, menu.said, menu.leaked) == ("No", "use yarn please", False)


@pytest.mark.parametrize("caret", range(3))
def test_feedback_on_a_plan(caret: int) -> None:
    menu = decide(Menu.of(SHAPES["plan"], caret), "deny", "smaller steps")
    assert (menu.chosen, menu.said) == ("Tell Claude what to change", "smaller steps")


@pytest.mark.parametrize("caret", range(4))
def test_an_own_answer(caret: int) -> None:
    menu = decide(Menu.of(SHAPES["question"], caret), "answer", "1 Rust, 2 Zig")
    assert (menu.chosen, menu.said, menu.leaked) == ("Type something.", "1 Rust, 2 Zig", False)


@pytest.mark.parametrize("caret", range(5))
@pytest.mark.parametrize("rows", [(1,), (2,), (1, 2), (2, 1)])
def test_exactly_those_boxes(rows: tuple[int, ...], caret: int) -> None:
    menu = decide(Menu.of(SHAPES["several"], caret), "choose", "", *rows)
    assert menu.chosen == "Next"
    assert menu.ticked == [menu.rows[row - 1].label for row in sorted(rows)]


LABELS = ["Yes", "No", "Yes, and more", "Go", "rm -rf /tmp", "rm -rf / tmp", "Никогда", "✔"]
ROLES = [
    Role.ALLOW_ONCE,
    Role.ALLOW_ALWAYS,
    Role.ALLOW_AND_CHANGE_MODE,
    Role.DENY,
    Role.ANSWER,
    Role.OTHER,
    Role.FEEDBACK,
    Role.SUBMIT,
]
ROWS = st.lists(st.tuples(st.sampled_from(LABELS), st.sampled_from(ROLES)), min_size=1, max_size=8)
KINDS = st.sampled_from([Kind.APPROVAL, Kind.QUESTION, Kind.PLAN, Kind.TRUST])


@st.composite
def prompts(draw: st.DrawFn) -> Prompt:
    rows = draw(ROWS)
    ticks = draw(st.lists(st.sampled_from([None, True, False]), max_size=len(rows)))
    return dialog(draw(KINDS), rows, ticks=ticks, cancel_denies=draw(st.booleans()))


DECISIONS = st.builds(
    Decision,
    st.sampled_from(Verdict),
    st.sampled_from(["", "use yarn", "1", "a\rb\x1b[A\t2"]),
    st.lists(st.integers(1, 8), max_size=3).map(tuple),
)


def shuffle(order: list[int]) -> Change:
    def change(menu: Menu) -> None:
        at = menu.rows[menu.caret]
        menu.rows.sort(key=lambda row: order[menu.base.choices.index(row) % len(order)]
                       if row in menu.base.choices else 0)  # fmt: skip
        menu.caret = menu.rows.index(at)

    return change


def lose(row: int) -> Change:
    def change(menu: Menu) -> None:
        if len(menu.rows) > 1:
            del menu.rows[row % len(menu.rows)]
            menu.caret = min(menu.caret, len(menu.rows) - 1)

    return change


def rename(row: int, label: str) -> Change:
    def change(menu: Menu) -> None:
        at = row % len(menu.rows)
        if menu.typing and at == menu.caret:
            return  # what is typed stands in place of the label
        menu.rows[at] = replace(menu.rows[at], label=label)

    return change


def nudge(data: bytes) -> Change:
    """Somebody at the terminal moves the caret."""
    return lambda menu: menu.press(data)


def nothing(menu: Menu) -> None:
    pass


CHANGES = st.lists(
    st.one_of(
        st.just(nothing),
        st.permutations(range(8)).map(shuffle),
        st.integers(0, 7).map(lose),
        st.builds(rename, st.integers(0, 7), st.sampled_from(LABELS)),
        st.sampled_from([KEYS.up, KEYS.down]).map(nudge),
    ),
    max_size=8,
)


@given(prompts(), st.integers(0, 7), st.booleans(), DECISIONS, CHANGES, st.booleans())
def test_what_was_chosen_or_nothing(
    prompt: Prompt,
    caret: int,
    wraps: bool,
    decision: Decision,
    between: list[Change],
    look: bool,
) -> None:
    """Whatever the dialog does between the keys: Enter lands on the label that was chosen, with
    the words that were said, or there is no such Enter."""
    menu = Menu.of(prompt, caret % len(prompt.choices), wraps=wraps)
    try:
        aim = goal(menu.prompt(), decision)
    except Refused:
        return
    try:
        drive(menu, aim, between, look=look)
    except Refused:
        assert not menu.settled
    assert not menu.leaked
    assert not menu.cancelled or isinstance(aim, Cancel)
    if menu.chosen is None:
        return
    match aim:
        case Pick(row):
            assert (menu.chosen, menu.said) == (row.label, "")
        case Write(row, text):
            assert (menu.chosen, menu.said) == (row.label, text)
        case Mark(_, submit):
            assert menu.chosen == submit.label
            chosen = {prompt.choices[n - 1].label for n in decision.numbers}
            assert set(menu.ticked) == chosen
        case Cancel():
            pytest.fail("Esc chose a row")


@given(prompts(), st.integers(0, 7), CHANGES, st.sampled_from(["", "use yarn"]))
def test_approve_and_deny_stay_what_they_are(
    prompt: Prompt, caret: int, between: list[Change], reason: str
) -> None:
    for verdict in (Verdict.APPROVE, Verdict.DENY):
        menu = Menu.of(prompt, caret % len(prompt.choices))
        try:
            drive(menu, goal(menu.prompt(), Decision(verdict, reason)), between, look=False)
        except Refused:
            continue
        settled = {row.role for row in menu.rows if row.label == menu.chosen}
        if verdict is Verdict.DENY:
            assert not (menu.chosen or "").startswith("Yes")
        elif menu.chosen is not None:
            assert settled & {Role.ALLOW_ONCE, Role.ACCEPT, Role.SUBMIT}


def test_the_dialog_that_changed_before_the_last_key_gets_none() -> None:
    seen = SHAPES["no escape"]
    other = replace(seen, subject="rm -rf ~")

    def swap(menu: Menu) -> None:
        menu.base = other

    for steps in range(3):
        menu = Menu.of(seen, 2)
        between = [*[nothing] * steps, swap]
        with pytest.raises(Refused):
            drive(menu, goal(seen, Decision(Verdict.APPROVE)), between)
        assert not menu.settled


def test_a_caret_that_never_moves_ends_in_no_choice() -> None:
    menu = Menu.of(SHAPES["no escape"], 2)

    def hold(menu: Menu) -> None:
        menu.caret = 2

    aim = goal(menu.prompt(), Decision(Verdict.APPROVE))
    assert not drive(menu, aim, [hold] * (MAX_STEPS + 1))
    assert menu.chosen is None
