from __future__ import annotations

from bot.agents._opencode.calls import called
from bot.core.screen import Screen
from tests.support.screens import golden_screens

TOOL = "canary_make_marker"


def recorded(name: str) -> Screen:
    return next(one.screen for one in golden_screens("opencode") if one.name == name)


def heading(rows: tuple[str, ...]) -> int:
    return next(at for at, row in enumerate(rows) if "Permission required" in row)


def test_of_several_calls_of_one_tool_it_is_the_one_in_the_colour_of_the_question() -> None:
    screen = recorded("mcp_two_100")
    rows = screen.trimmed()
    asks = heading(rows)

    assert called(rows, screen.ansi, asks, asks, TOOL) == f"{TOOL} [name=second]"
    # The lowest one is another, and goes on in a second row
    third = called(rows, None, asks, asks, TOOL)
    assert third is not None
    assert third.startswith(f"{TOOL} [name=third, note=made side by side")
    assert third.endswith("so that it says more than a line has room for]")


def test_a_call_that_is_not_in_sight_is_not_made_up() -> None:
    screen = recorded("mcp_full_100")
    rows = screen.trimmed()
    asks = heading(rows)

    assert called(rows, screen.ansi, asks, asks, TOOL) is None
    assert called(rows, None, asks, asks, TOOL) is None


def test_two_that_wait_alike_are_none() -> None:
    screen = recorded("mcp_two_100")
    rows, ansi = list(screen.trimmed()), list(screen.ansi or ())
    asks = heading(tuple(rows))
    at = next(n for n, row in enumerate(rows) if "name=second" in row)
    rows[at + 1], ansi[at + 1] = rows[at], ansi[at]

    assert called(rows, ansi, asks, asks, TOOL) is None


def test_a_call_without_arguments_is_its_name_and_one_that_is_cut_is_none() -> None:
    assert called(["     ⚙ tick", ""], None, 1, 0, "tick") == "tick"
    assert called(["     ⚙ tick [a=1,", "", ""], None, 2, 0, "tick") is None
    assert called(["     ⚙ tick [a=1]", ""], None, 1, 0, "tic") is None
