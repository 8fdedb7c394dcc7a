from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.attention.pages import Weight, page_of
from bot.core.cards import subject_of
from bot.core.concerns import (
    SERVER_GONE,
    Concern,
    Limits,
    concern_card,
    concern_of,
    concern_topic,
    ended_card,
    gone_card,
    over_card,
)
from bot.core.decide import decide
from bot.core.events import Vanished
from bot.core.lifecycle import Phase
from bot.core.notices import NoticeKind, Urgency
from bot.core.sessions import Origin, Session
from bot.core.stages import Stage, Step
from bot.core.vitals import Vitals
from tests.support.playbook import NOON, session

LIMITS = Limits(timedelta(minutes=5), timedelta(hours=1))
NO_IDLE = Limits(timedelta(minutes=5), timedelta(0))
CREDIT = Vitals(halted="Credit balance too low")
GONE = (Step(0, Stage.CLEANED, SERVER_GONE),)


@pytest.mark.parametrize(
    ("found", "minutes", "concern"),
    [
        (session(Phase.WORKING), 4, None),
        (session(Phase.WORKING), 5, Concern.STUCK),
        (session(Phase.WAITING), 500, None),
        (session(Phase.IDLE), 59, None),
        (session(Phase.IDLE), 60, Concern.IDLE),
        (session(Phase.IDLE, agent="generic"), 60, None),
        (session(Phase.IDLE, vitals=CREDIT), 0, Concern.HALTED),
        (session(Phase.WORKING, vitals=CREDIT), 0, None),
        (session(Phase.SHELL, left_by="claude"), 0, Concern.LEFT),
        (session(Phase.SHELL), 500, None),
        (session(Phase.ENDED), 0, None),
        (session(Phase.ENDED, history=GONE), 0, Concern.GONE),
        (session(Phase.ENDED, history=GONE, agent="generic"), 0, None),
    ],
)
def test_what_is_amiss(found: Session, minutes: int, concern: Concern | None) -> None:
    assert concern_of(found, NOON + timedelta(minutes=minutes), LIMITS) is concern


def test_idle_is_told_only_where_it_is_wanted() -> None:
    assert concern_of(session(Phase.IDLE), NOON + timedelta(days=9), NO_IDLE) is None


@pytest.mark.parametrize("concern", Concern)
def test_a_card_and_what_becomes_of_it(concern: Concern) -> None:
    later = NOON + timedelta(minutes=7)
    found = session(concern=concern, concern_at=NOON, task="fix it", vitals=CREDIT, left_by="x")
    card = concern_card(found, concern, later)
    assert "'api'" in card.title
    assert card.session == "api"
    over = over_card(found, concern, later)
    assert over.title.startswith("☑️ Session 'api'")
    assert over.title.endswith("it is working after 7 min")
    assert (over.kind, over.silent) == (NoticeKind.CLOSED, True)
    ended = over_card(session(Phase.ENDED), concern, later)
    assert ended.title.endswith("it has ended")
    assert subject_of(concern_topic(found)) == ("session", "api")


def test_what_was_started_here_can_be_started_again() -> None:
    mine, found = session(origin=Origin.STARTED), session()
    assert [b.command for b in ended_card(mine, "x").buttons] == ["again api"]
    assert ended_card(found, "x").buttons == ()
    assert not ended_card(found, "x").failure


def test_what_broke_off_is_a_failure_and_rings_in_quiet_hours() -> None:
    crashed = replace(session(Phase.WORKING), stage=Stage.WORKING)
    crashed, _ = decide(crashed, Vanished(NOON, "its program ended with status 1", crashed=True))
    card = ended_card(crashed, "its program ended with status 1")
    assert card.failure
    page = page_of(card, Urgency.HELP, NOON)
    assert page is not None
    assert page.weight is Weight.FAILURE


def test_a_server_that_took_them_all_along() -> None:
    card = gone_card([f"s{n}" for n in range(30)])
    assert card.title == "⏹ The tmux server has ended, and 30 sessions with it"
    assert card.parts[0].text.endswith("s19\n… and 10 more")
    assert gone_card(["a", "b"]).parts[0].text == "a\nb"
