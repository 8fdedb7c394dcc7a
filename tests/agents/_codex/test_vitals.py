# ruff: noqa: RUF001 - glyphs as the agent draws them
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.agents._codex.vitals import vitals
from bot.core.screen import PaneFacts, Screen
from bot.core.vitals import UNKNOWN, Vitals
from tests.support.screens import golden_screens

BY_NAME = {golden.name: golden for golden in golden_screens("codex")}


def of(name: str) -> Vitals:
    return vitals(BY_NAME[name].screen)


def shown(*above: str, below: str = "  ? for shortcuts") -> Vitals:
    box = ("", "› Ask Codex to do anything", "", "  gpt-5.5 high · ~/shop", below)
    return vitals(Screen((*above, *box), PaneFacts(command="codex", title="shop")))


def test_the_line_below_the_input_box_names_the_model() -> None:
    assert of("done_100").model == "fake-model default"
    assert of("planmode_100").model == "fake-model medium"
    assert shown(below="  57% context left").context == 43


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("busy429_100", "exceeded retry limit, last status: 429 Too Many Requests"),
        (
            "busy500_100",
            "We’re currently experiencing high demand, which may cause temporary errors.",
        ),
        ("quota_100", "Quota exceeded. Check your plan and billing details."),
    ],
)
def test_what_ended_the_last_turn(name: str, why: str) -> None:
    assert of(name).halted == why


def test_what_somebody_interrupted_or_has_been_followed_is_no_trouble() -> None:
    assert shown("■ Quota exceeded.").halted == "Quota exceeded."
    assert shown("■ Conversation interrupted - use /feedback if it went wrong").halted == ""
    assert shown("■ Quota exceeded.", "", "› go on", "", "• Done.").halted == ""


def test_a_dialog_tells_nothing_of_it() -> None:
    assert of("cmd_100") == UNKNOWN


def test_the_last_test_run_is_counted() -> None:
    assert shown("  └ ==== 2 failed, 8 passed in 0.12s ====").tests == "8/10"


@given(st.lists(st.text(), max_size=8))
def test_any_text_tells_something_or_nothing(rows: list[str]) -> None:
    assert isinstance(shown(*rows), Vitals)


@pytest.mark.parametrize("name", ["login_100", "login_key_100"])
def test_nobody_has_signed_in_yet(name: str) -> None:
    assert of(name).halted.startswith("not signed in: sign in at its terminal")
