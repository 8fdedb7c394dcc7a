from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.core.ids import SessionName
from bot.core.lifecycle import Phase
from bot.core.notices import Notice, PartStyle
from bot.core.sessions import Session
from bot.services.overview import age, board, in_order, overview
from bot.services.roster import Roster
from tests.support.playbook import NOON, session
from tests.support.virtual import virtual
from tests.support.world import ledger


def named(name: str, phase: Phase, directory: str = "/home/me/api") -> Session:
    return replace(session(phase), name=SessionName(name), directory=directory)


def table_of(sessions: Sequence[Session], now: datetime) -> Notice:
    return overview(dict(enumerate(sessions, 1)), now)


def test_a_line_for_each_session_and_the_totals() -> None:
    sessions = [
        named("vsr-bugfix", Phase.WAITING),
        named("web", Phase.WORKING, "/home/me/web-shop"),
        named("root", Phase.SHELL, "/"),
        named("shop", Phase.IDLE, "/home/me/shop"),
    ]
    notice = table_of(sessions, NOON + timedelta(minutes=4))
    table, totals = notice.parts
    assert notice.title == "4 sessions"
    assert table.style is PartStyle.TABLE
    assert table.text.splitlines() == [
        "1. 🔒 vsr-bugfix · api · waiting 4 min",
        "2. ● web · web-shop · working 4 min",
        "3. $ root · / · shell 4 min",
        "4. ○ shop · idle 4 min",
    ]
    assert totals.text == "1 waiting · 1 working · 1 idle · 1 shell"
    assert [(button.label, button.command) for button in notice.buttons] == [
        ("🔒 vsr-bugfix", "status vsr-bugfix"),
        ("● web", "status web"),
        ("○ shop", "status shop"),
        ("$ root", "status root"),
    ]


def test_one_session_and_none() -> None:
    assert table_of([named("a", Phase.IDLE)], NOON).title == "1 session"
    empty = table_of([], NOON)
    assert empty.title == "No sessions yet"
    assert "start NAME in DIR" in empty.parts[0].text


@pytest.mark.parametrize("phase", Phase)
def test_every_phase_has_a_line(phase: Phase) -> None:
    table, totals = table_of([named("a", phase)], NOON).parts
    assert phase.value in table.text
    assert totals.text == f"1 {phase.value}"


def test_no_more_buttons_than_a_phone_shows() -> None:
    waiting = [named(f"s{number}", Phase.WAITING) for number in range(20)]
    assert len(table_of(waiting, NOON).buttons) == 6
    late = [*(named(f"a{number}", Phase.IDLE) for number in range(9)), named("z", Phase.WAITING)]
    assert table_of(late, NOON).buttons[0].command == "status z"
    assert table_of([named("gone", Phase.ENDED)], NOON).buttons == ()


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


@virtual
async def test_a_number_stays_with_its_session(tmp_path: Path) -> None:
    async with ledger(tmp_path) as store:
        check_numbers(Roster(store))


def check_numbers(roster: Roster) -> None:
    for name, phase in (("b", Phase.IDLE), ("c", Phase.WAITING), ("d", Phase.IDLE)):
        roster.publish(named(name, phase))
    first = board(roster, "ann", NOON, anew=True)
    assert _heads(first) == ["1. 🔒 c", "2. ○ b", "3. ○ d"]
    assert (first.live, first.parts[-1].text) == (True, f"as of {NOON.astimezone():%H:%M}")

    roster.publish(named("a", Phase.WAITING))
    roster.publish(named("c", Phase.IDLE))
    roster.publish(replace(named("b", Phase.IDLE), watched=False))
    assert _heads(board(roster, "ann", NOON)) == ["1. ○ c", "3. ○ d", "4. 🔒 a"]
    assert [session.name for session in roster.named("4", "ann")] == ["a"]
    assert [session.name for session in roster.named("3", "ann")] == ["d"]

    assert _heads(board(roster, "ann", NOON, anew=True)) == ["1. 🔒 a", "2. ○ c", "3. ○ d"]


def _heads(notice: Notice) -> list[str]:
    return [line.split(" · ")[0] for line in notice.parts[0].text.splitlines()]
