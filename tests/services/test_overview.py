from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.ids import SessionName
from bot.core.lifecycle import Phase
from bot.core.notices import PartStyle
from bot.core.sessions import Session
from bot.services.overview import age, in_order, overview
from tests.support.playbook import NOON, session


def named(name: str, phase: Phase, directory: str = "/home/me/api") -> Session:
    return replace(session(phase), name=SessionName(name), directory=directory)


def test_a_line_for_each_session_and_the_totals() -> None:
    sessions = [
        named("vsr-bugfix", Phase.WAITING),
        named("web", Phase.WORKING, "/home/me/web-shop"),
        named("root", Phase.SHELL, "/"),
    ]
    notice = overview(sessions, NOON + timedelta(minutes=4))
    table, totals = notice.parts
    assert notice.title == "3 sessions"
    assert table.style is PartStyle.TABLE
    assert table.text.splitlines() == [
        "1. 🔒 vsr-bugfix · api · waiting 4 min",
        "2. ● web · web-shop · working 4 min",
        "3. $ root · / · shell 4 min",
    ]
    assert totals.text == "1 waiting · 1 working · 1 shell"
    assert [button.command for button in notice.buttons] == ["status vsr-bugfix"]


def test_one_session_and_none() -> None:
    assert overview([named("a", Phase.IDLE)], NOON).title == "1 session"
    empty = overview([], NOON)
    assert empty.title == "No sessions yet"
    assert "start NAME in DIR" in empty.parts[0].text


@pytest.mark.parametrize("phase", Phase)
def test_every_phase_has_a_line(phase: Phase) -> None:
    table, totals = overview([named("a", phase)], NOON).parts
    assert phase.value in table.text
    assert totals.text == f"1 {phase.value}"


def test_no_more_buttons_than_a_phone_shows() -> None:
    waiting = [named(f"s{number}", Phase.WAITING) for number in range(20)]
    assert len(overview(waiting, NOON).buttons) == 6


def test_whoever_waits_comes_first() -> None:
    mixed = [named("b", Phase.IDLE), named("A", Phase.IDLE), named("z", Phase.WAITING)]
    assert [s.name for s in in_order([*mixed, named("e", Phase.ENDED)])] == ["z", "A", "b", "e"]
    assert len(in_order([named("x", phase) for phase in Phase])) == len(Phase)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "0 s"),
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3599, "59 min"),
        (3600, "1 h"),
        (86_399, "23 h"),
        (86_400, "1 d"),
        (864_000, "10 d"),
    ],
)
def test_ages(seconds: int, words: str) -> None:
    assert age(NOON, NOON + timedelta(seconds=seconds)) == words
