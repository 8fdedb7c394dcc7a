"""The condition as text; that tmux understands it so is tried in test_keyboard.py."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.tmux import guard
from bot.core.ids import PaneId, PaneKey, PressId, ServerKey
from bot.core.press import ANY, Guard, Refusal

PANE = PaneKey(ServerKey(10, 1000), PaneId("%5"), 77)
GUARD = Guard(PressId("p1"), PANE, 2000, ("Allow?", " > Yes"))

FRESH = "REFUSED 10 1000 %5 77 0 0 0 0 0 1"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (" \u276f 1. Yes   ", "^ \u276f 1\\. Yes$"),
        ("a#(touch x)", "^a[^[:alnum:][:space:]]\\(touch x\\)$"),
        ("{a,b}'%", "^" + "[^[:alnum:][:space:]]a[^[:alnum:][:space:]]b" + 3 * guard._MARK + "$"),
        ("漢é☐", "^[^ ][^ ]☐$"),
        ("a\u00a0b\u00a0", "^a.b.$"),
        ("a\tb", "^a[[:space:]]*b$"),
    ],
)
def test_a_row_as_an_expression(row: str, expected: str) -> None:
    assert guard.pattern(row) == expected


@given(st.text())
def test_nothing_of_a_row_can_mean_anything_to_tmux(row: str) -> None:
    made = guard.pattern(row)
    assert not set(made) & set("#,{}'%`\n\r\0\x1b\"")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_a_row_is_like_itself(row: str) -> None:
    """Python's expressions stand in for POSIX ones."""
    made = guard.pattern(row).replace("[^[:alnum:][:space:]]", r"[^a-zA-Z0-9\s]")
    made = made.replace("[[:space:]]*", r"[\s\x1c-\x1f]*")
    assert re.search(made, row.rstrip(guard.BLANKS), re.DOTALL)


def test_every_condition_stands_in_it() -> None:
    made = guard.condition(GUARD)
    for part in (
        *("#{==:#{pid},10}", "#{==:#{start_time},1000}", "#{==:#{pane_id},%5}"),
        *("#{==:#{pane_pid},77}", "#{!=:#{@wingman_press},p1}", "#{==:#{pane_dead},0}"),
        *("#{==:#{pane_in_mode},0}", "#{==:#{pane_input_off},0}", "#{e|<|:#{T:#{l:%s}},2000}"),
        *("#{==:#{pane_synchronized},0}", "#{C/r:^Allow\\?$}", "#{C/r:^ > Yes$}"),
    ):
        assert part in made
    assert "'" not in made


def test_rows_at_their_places() -> None:
    made = guard.condition(replace(GUARD, above=("one", " > Yes")))
    assert "#{==:#{C/r:^Allow\\?$},3}" in made
    assert "#{==:#{C/r:^ > Yes$},2}" in made


def test_a_place_is_where_the_pattern_is_found_first() -> None:
    """Rules of different glyphs have one pattern; tmux finds the upper one."""
    made = guard.condition(replace(GUARD, above=("─" * 5,), lines=("title", "╌" * 5, "command")))
    assert f"#{{==:#{{C/r:^{'[^ ]' * 5}$}},1}}" in made


def test_empty_rows_and_repeated_ones_are_not_asked_for() -> None:
    made = guard.condition(replace(GUARD, lines=("a", "", "  ", "a")))
    assert made.count("C/r") == 1


def test_a_tree_not_a_chain() -> None:
    made = guard.condition(replace(GUARD, lines=tuple(f"row {n}" for n in range(90))))
    depth = deepest = 0
    for char in re.findall(r"#\{|\}", made):
        depth += 1 if char == "#{" else -1
        deepest = max(deepest, depth)
    assert deepest < 15


def test_of_too_many_rows_the_title_and_the_bottom_go_in() -> None:
    lines = tuple(f"row {n} of many" for n in range(300))
    made = guard.condition(replace(GUARD, lines=lines))
    there = [int(n) for n in re.findall(r"\^row (\d+) of", made)]
    assert sorted(there) == [0, *range(300 - guard.MAX_ROWS + 1, 300)]
    long = tuple(f"{n} " + "#" * 300 for n in range(50))
    assert len(guard.condition(replace(GUARD, lines=long))) < guard.MAX_LENGTH + 2000


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (FRESH, Refusal.SCREEN_CHANGED),
        ("REFUSED 10 1001 %5 77 0 0 0 0 0 1", Refusal.SERVER_CHANGED),
        ("REFUSED 11 1000 %5 77 1 1 1 1 1 0", Refusal.SERVER_CHANGED),
        ("REFUSED 10 1000       0 1", Refusal.PANE_GONE),
        ("REFUSED 10 1000 %5 78 1 1 1 1 1 0", Refusal.PANE_CHANGED),
        ("REFUSED 10 1000 %5 77 1 1 1 1 1 0", Refusal.ALREADY_PRESSED),
        ("REFUSED 10 1000 %5 77 1 1 1 1 0 0", Refusal.DEAD),
        ("REFUSED 10 1000 %5 77 0 1 1 1 0 0", Refusal.IN_MODE),
        ("REFUSED 10 1000 %5 77 0 0 1 1 0 0", Refusal.INPUT_OFF),
        ("REFUSED 10 1000 %5 77 0 0 0 1 0 0", Refusal.SYNCHRONIZED),
        ("REFUSED 10 1000 %5 77 0 0 0 0 0 0", Refusal.EXPIRED),
        ("REFUSED", Refusal.SERVER_CHANGED),
    ],
)
def test_which_condition_it_was(facts: str, reason: Refusal) -> None:
    assert guard.refusal(GUARD, facts) is reason


@pytest.mark.parametrize("pane", ["5", "%", "%5;kill-server", "=a", "%5\n"])
def test_an_id_that_is_none(pane: str) -> None:
    with pytest.raises(ValueError, match="not an id of ours"):
        guard.condition(replace(GUARD, pane=replace(PANE, pane=PaneId(pane))))


def test_where_the_cursor_stands_is_asked_for_a_line_that_asks() -> None:
    made = guard.condition(replace(GUARD, cursor=(17, 3)))
    assert "#{==:#{cursor_x},17}" in made
    assert "#{==:#{cursor_y},3}" in made
    assert "cursor" not in guard.condition(GUARD)


def test_any_character_may_stand_where_the_guard_leaves_it_open() -> None:
    assert guard.pattern(f"{ANY}{ANY} esc interrupt") == "^[^ ][^ ] esc interrupt$"
