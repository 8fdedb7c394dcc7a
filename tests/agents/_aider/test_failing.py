from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.agents._aider.failing import gave_up, tries_again
from bot.agents.aider import AGENT
from bot.core.vitals import Vitals
from tests.support.screens import golden_screens

BY_NAME = {golden.name: golden for golden in golden_screens("aider")}
LIMITED = "The API provider has rate limited you. Try again later or check your quotas."
DOWN = "The API provider's servers are down or overloaded."


def of(name: str) -> Vitals:
    return AGENT.vitals(BY_NAME[name].screen)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("err429_100", f"Rate limit reached {LIMITED}"),
        ("err429_60", f"Rate limit reached {LIMITED}"),
        ("err500_100", f"The server had an error while processing your request {DOWN}"),
    ],
)
def test_a_provider_that_is_tried_again(name: str, why: str) -> None:
    assert (of(name).trouble, of(name).halted) == (why, "")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        (
            "err401_100",
            "invalid api key The API provider is not able to authenticate you. "
            "Check your API key.",
        ),
        ("err500_end_100", f"The server had an error while processing your request {DOWN}"),
    ],
)
def test_what_ended_the_last_turn(name: str, why: str) -> None:
    assert (of(name).trouble, of(name).halted) == ("", why)


def test_whatever_was_printed_below_it_is_what_came_of_it() -> None:
    error = ("litellm.InternalServerError: InternalServerError: OpenAIException - down", DOWN)
    assert gave_up(error) == f"down {DOWN}"
    assert gave_up((*error, "", "Here is the file you wanted.")) == ""
    assert gave_up((*error, "Retrying in 0.2 seconds...")) == ""
    assert tries_again(("░" + error[0], "Retrying in 0.2 seconds...")) == "down"
    assert tries_again(error) == ""


@given(st.lists(st.text(), max_size=8))
def test_any_text_tells_something_or_nothing(rows: list[str]) -> None:
    assert isinstance(gave_up(rows) + tries_again(rows), str)
