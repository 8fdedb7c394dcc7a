from __future__ import annotations

import re

import pytest

from bot.core.vitals import UNKNOWN, Vitals, count_tests, first_in, updated, used_up


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("========= 8 passed, 2 failed in 1.20s =========", "8/10"),
        ("===== 2 failed, 8 passed, 1 skipped, 3 warnings in 61.20s (0:01:01) =====", "8/10"),
        ("=== 1 failed, 3 passed, 2 errors in 0.12s ===", "3/6"),
        ("  ⎿  ===== 12 passed in 0.50s =====", "12/12"),
        ("test result: FAILED. 5 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out", "5/6"),
        ("Tests:       2 failed, 1 skipped, 8 passed, 11 total", "8/10"),
        ("Tests:       8 passed, 8 total", "8/8"),
        ("      Tests  1 failed | 9 passed (10)", "9/10"),
    ],
)
def test_the_line_that_sums_up_a_run(line: str, count: str) -> None:
    assert count_tests([line, "", "$"]) == count


@pytest.mark.parametrize(
    "line",
    [
        "8/10 tests pass, as far as I can see",
        "10 passed",
        "==== warnings summary ====",
        "= 3 warnings in 0.1s =",
        "Tests: all good",
    ],
)
def test_what_is_not_certain_is_left_out(line: str) -> None:
    assert count_tests([line]) == ""


def test_the_last_run_counts() -> None:
    assert count_tests(["== 1 failed in 1.0s ==", "text", "== 9 passed in 1.0s =="]) == "9/9"


def test_what_is_out_of_sight_stays_and_trouble_does_not() -> None:
    old = Vitals(model="Opus 5.5", context=0, cost="$0.42", halted="Credit balance too low")
    assert updated(old, UNKNOWN) == Vitals(model="Opus 5.5", context=0, cost="$0.42")
    assert updated(old, Vitals(context=12)).context == 12


def test_what_is_left_of_the_context_is_told_as_what_is_used() -> None:
    found = first_in(["model", "12% context left  "], re.compile(r"(\d+)% context left$"))
    assert found is not None
    assert used_up(found.group(1)) == 88
    assert used_up("120") == 0
    assert first_in([], re.compile("left")) is None
