from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.agents._opencode.vitals import signs_in, vitals
from bot.core.screen import PaneFacts, Screen
from bot.core.vitals import Vitals
from tests.support.screens import golden_screens

BY_NAME = {golden.name: golden for golden in golden_screens("opencode")}


def of(name: str) -> Vitals:
    return vitals(BY_NAME[name].screen)


def shown(
    *above: str, below: str = "   /home/dev/shop   4.3K (2%) · $0.42  ctrl+p commands"
) -> Vitals:
    rows = (*above, *shown_rows(), *below.split("\n"))
    return vitals(Screen(rows, PaneFacts(command="opencode", title="OC | Fix it")))


def shown_rows() -> tuple[str, ...]:
    return ("  ┃", "  ┃  Build · Fake model", f"  ╹{'▀' * 20}")


def test_the_input_box_and_the_line_below_it_tell_most() -> None:
    assert of("said_120") == Vitals(
        "Scripted session", model="Fake model Fake", mode="Build", context=2
    )
    assert shown().cost == "$0.42"


def test_a_wide_pane_has_it_in_its_sidebar() -> None:
    assert (of("list_ran_170").context, of("list_ran_170").cost) == (2, "$0.00")


@pytest.mark.parametrize("name", ["err429_170", "err429_60"])
def test_a_call_that_is_tried_again(name: str) -> None:
    assert of(name).trouble.startswith("Rate limit reached [retrying in ")
    assert of(name).halted == ""


def test_a_note_that_is_wider_than_the_pane() -> None:
    wheel = "   ⬝⬝⬝⬝⬝⬝Cannot connect to API: Is the computer able to access the url… [retrying"
    trouble = shown(below=f"{wheel}\n         attempt #1]").trouble
    assert trouble.startswith("Cannot connect to API")
    assert trouble.endswith("[retrying attempt #1]")


@pytest.mark.parametrize("name", ["login_start_100", "login_asks_100", "login_closed_100"])
def test_nobody_has_connected_a_provider_yet(name: str) -> None:
    assert of(name) == Vitals(
        halted="no provider: connect one at its terminal with /connect, or set a key"
    )


def test_a_list_of_providers_for_one_more_is_no_login() -> None:
    rows = BY_NAME["login_start_100"].screen.rows
    at = next(at for at, row in enumerate(rows) if "OpenCode Go" in row)
    marked = (*rows[:at], rows[at].replace("  OpenCode Go", "✓ OpenCode Go"), *rows[at + 1 :])
    assert not signs_in(marked)
    assert signs_in(rows)
    assert not signs_in(("          Connect a provider          esc", *shown_rows()))


def test_a_turn_that_ended_for_want_of_a_key() -> None:
    assert of("err401_60").halted == "invalid api key"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("err500", "The server had an error while processing your request"),
        ("err529", "Provider is overloaded"),
    ],
)
def test_a_provider_that_is_down_or_busy(name: str, why: str) -> None:
    """It tries four times, and says at last what the provider said."""
    assert of(f"{name}_100").trouble.startswith(f"{why} [retrying ")
    assert of(f"{name}_100").halted == ""
    ended = of(f"{name}_end_100")
    assert (ended.trouble, ended.halted) == ("", why.removeprefix("Provider is ").capitalize())


USER = ("  ┃", "  ┃  do it", "  ┃", "")
ERROR = ("  ┃", "  ┃  invalid api key", "  ┃", "", "     ▣  Build · Fake model", "")


def test_only_an_error_of_the_last_turn_counts() -> None:
    assert shown(*USER, *ERROR).halted == "invalid api key"
    assert shown(*USER, *ERROR, *USER).halted == ""
    assert shown(*USER, "     I saw this:", "", *ERROR, "     and went on", "").halted == ""
    assert shown(*ERROR).halted == "", "a person may say so"
    assert shown(*USER, "  ┃", "  ┃  something else", "  ┃", "").halted == ""


def test_words_that_a_person_may_use_count_only_where_the_turn_was_ended_by_them() -> None:
    words = ("  ┃", "  ┃  fix the error there", "  ┃", "")
    ended = ("     ▣  Build · Fake model", "")
    assert shown(*USER, *words, *ended).halted == "fix the error there"
    assert shown(*USER, *words).halted == ""
    assert shown(*USER, *words, "     ▣  Build · Fake model · interrupted", "").halted == ""
    assert shown(*USER, *words, *ended, *USER).halted == ""


def test_a_dialog_hides_it() -> None:
    assert of("bash_120") == Vitals("Scripted session")


@given(st.lists(st.text(), max_size=8))
def test_any_text_tells_something_or_nothing(rows: list[str]) -> None:
    assert isinstance(shown(*rows), Vitals)
