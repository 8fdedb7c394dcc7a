from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.agents._gemini.vitals import vitals
from bot.core.screen import PaneFacts, Screen
from bot.core.vitals import UNKNOWN, Vitals
from tests.support.screens import golden_screens

BY_NAME = {golden.name: golden for golden in golden_screens("gemini")}


def of(name: str) -> Vitals:
    return vitals(BY_NAME[name].screen)


def shown(*above: str) -> Vitals:
    edge = "▄" * 40
    box = (edge, " >   Type your message or @path/to/file", "▀" * 40)
    status = (" workspace (/directory)     branch      /model", " ~/ferry     main      Auto")
    return vitals(Screen((*above, *box, *status), PaneFacts(command="node")))


def test_the_status_lines_tell_model_and_mode() -> None:
    assert of("done_100") == Vitals(model="Auto")
    assert of("acceptmode_62").mode == "auto-accept edits"
    assert of("plain_fresh_62").model == "gemini-2.5-pro"


def test_a_key_that_is_not_taken_needs_a_person() -> None:
    assert of("err403_100").halted == "API key not valid."


def test_only_an_error_of_the_last_turn_counts() -> None:
    error = '✕ [API Error: {"error":{"code":429,"message":"Quota exceeded."}}]'
    assert shown(" > go", error).halted == "Quota exceeded."
    assert shown(" > go", "✕ Something else").halted == "Something else"
    assert shown(" > go", error, " > go on", "✦ Done.").halted == ""
    assert shown(" > go", error, "✦ It worked in the end.").halted == ""


def test_a_model_that_does_not_answer_is_told_after_some_minutes() -> None:
    """Its provider says 503: nothing of it is on the screen."""
    assert of("silent_100").trouble.startswith("its model has not answered for minutes")
    assert of("silent_100").halted == ""
    wheel = " ⠋ Thinking... (esc to cancel, {})                       ? for shortcuts"
    edges = ("▄" * 40, " > go", "▀" * 40)
    for time in ("2m", "2m 1s", "14m 19s", "1h 2m 3s"):
        assert bool(shown(*edges, wheel.format(f"{time} 0s")).trouble), time
    for time in ("8s", "1m 59s"):
        assert shown(*edges, wheel.format(time)).trouble == ""
    late = wheel.format("14m 19s")
    assert shown(*edges, "✦ I look at it.", late).trouble == ""
    assert shown(*edges, late.replace("Thinking...", "Reading the tests")).trouble == ""


def test_a_dialog_tells_nothing_of_it() -> None:
    assert of("cmd_100") == UNKNOWN


@given(st.lists(st.text(), max_size=8))
def test_any_text_tells_something_or_nothing(rows: list[str]) -> None:
    assert isinstance(shown(*rows), Vitals)


@pytest.mark.parametrize("name", ["login_100", "login_key_100"])
def test_nobody_has_signed_in_yet(name: str) -> None:
    assert of(name).halted.startswith("not signed in: choose how at its terminal")
