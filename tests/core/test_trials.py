from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.decisions import Verdict
from bot.core.prompts import Kind
from bot.core.trials import NO_DOUBTS, Doubts, Finding, Installed, Trial, Untried, Way, untried

GOOD = Finding("bash.approve", "allowed", "approval", "approve", True, True, "pane")
BAD = Finding("bash.deny", "denied", "approval", "deny", True, False, "pane", "it ran")
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
NOW = {"claude": Installed("claude", "2.1.400", NOON)}
LATER = NOON + timedelta(hours=1)
BEFORE = NOON - timedelta(hours=1)


def tried(version: str, *findings: Finding, at: str = "1", wingman: str = "1") -> Trial:
    return Trial("claude", version, at, wingman, findings)


def doubt(doubts: Doubts, begun: datetime | None = LATER, way: Way = Way.PANE) -> str:
    return doubts.about("claude", begun, Kind.APPROVAL, Verdict.DENY, way)


def test_what_went_wrong_is_doubted_and_nothing_else() -> None:
    doubts = Doubts.of([tried("2.1.400", GOOD, BAD)], NOW)

    assert "claude 2.1.400" in doubt(doubts)
    assert "answer at the terminal" in doubt(doubts)
    assert not doubts.about("claude", LATER, Kind.APPROVAL, Verdict.APPROVE, Way.PANE)
    assert not doubts.about("codex", LATER, Kind.APPROVAL, Verdict.DENY, Way.PANE)
    assert not doubt(NO_DOUBTS)


def test_another_version_is_doubted_only_where_it_may_still_run() -> None:
    doubts = Doubts.of([tried("2.1.399", BAD), tried("2.1.400", GOOD)], NOW)

    assert not doubt(doubts, begun=LATER)
    assert "claude 2.1.399" in doubt(doubts, begun=BEFORE)
    assert "claude 2.1.399" in doubt(doubts, begun=None)


def test_what_the_new_version_does_wrong_says_nothing_of_sessions_with_the_old_one() -> None:
    doubts = Doubts.of([tried("2.1.399", GOOD), tried("2.1.400", BAD)], NOW)

    assert "2.1.400" in doubt(doubts, begun=LATER)
    # nobody knows which version a session runs that is older than the program
    assert "2.1.400" in doubt(doubts, begun=BEFORE)


def test_of_an_agent_that_does_not_tell_its_version_all_are_doubted() -> None:
    doubts = Doubts.of([tried("2.1.399", BAD), tried("2.1.398", BAD)], {})

    assert "claude 2.1.398 and 2.1.399" in doubt(doubts)


@pytest.mark.parametrize(("wrong", "other"), [(Way.HOOK, Way.PANE), (Way.PANE, Way.HOOK)])
def test_what_went_wrong_one_way_says_nothing_of_the_other(wrong: Way, other: Way) -> None:
    doubts = Doubts.of([tried("2.1.400", replace(BAD, by=wrong))], NOW)

    assert doubt(doubts, way=wrong)
    assert not doubt(doubts, way=other)


def test_what_went_right_one_way_proves_nothing_of_the_other() -> None:
    doubts = Doubts.of([tried("2.1.400", BAD, replace(GOOD, verdict="deny", by="hook"))], NOW)

    assert doubt(doubts)


def test_a_card_that_did_not_come_says_nothing_of_answers() -> None:
    late = replace(BAD, recognised=False, says="no card came within 30 s")

    assert not Doubts.of([tried("2.1.400", late)], NOW).wrong
    assert late.wrong == "not understood: no card came within 30 s"
    assert BAD.wrong == "answered wrongly: it ran"


def test_a_trial_that_never_came_to_a_dialog_doubts_none() -> None:
    never = Finding("start", "a session", "", "", False, False, "pane", "it ended at once")
    trial = tried("2.1.400", never)

    assert trial.failed == (never,)
    assert not Doubts.of([trial], NOW).wrong


def test_each_way_is_counted_for_itself() -> None:
    assert tried("2", GOOD, BAD).proved == "1 of 2 by keys, none by hook"
    assert tried("2", replace(GOOD, by="hook")).proved == "none by keys, 1 of 1 by hook"


def test_untried_is_another_version_of_the_agent_or_of_ours() -> None:
    old, new = tried("2.1.399", at="1"), tried("2.1.400", at="2")

    assert untried([old], NOW, "1") == (Untried("claude", "2.1.399", "2.1.400"),)
    assert untried([old, new], NOW, "1") == ()
    assert untried([new, old], NOW, "2") == (Untried("claude", "2.1.400", "2.1.400"),)
    # what nobody ever tried is nobody's wish, and what is gone cannot be tried
    assert untried([], NOW, "1") == untried([old], {}, "1") == ()
