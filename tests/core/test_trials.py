from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.decisions import Verdict
from bot.core.prompts import Kind
from bot.core.trials import NO_DOUBTS, Doubts, Finding, Trial, Way

GOOD = Finding("bash.approve", "allowed", "approval", "approve", True, True, "pane")
BAD = Finding("bash.deny", "denied", "approval", "deny", True, False, "pane", "it ran")


def test_what_went_wrong_is_doubted_and_nothing_else() -> None:
    doubts = Doubts.of([Trial("claude", "2.1.400", "", "", (GOOD, BAD))])

    why = doubts.about("claude", Kind.APPROVAL, Verdict.DENY, Way.PANE)
    assert "claude 2.1.400" in why
    assert "answer at the terminal" in why
    assert not doubts.about("claude", Kind.APPROVAL, Verdict.APPROVE, Way.PANE)
    assert not doubts.about("codex", Kind.APPROVAL, Verdict.DENY, Way.PANE)
    assert not NO_DOUBTS.about("claude", Kind.APPROVAL, Verdict.DENY, Way.PANE)


@pytest.mark.parametrize(("wrong", "other"), [(Way.HOOK, Way.PANE), (Way.PANE, Way.HOOK)])
def test_what_went_wrong_one_way_says_nothing_of_the_other(wrong: Way, other: Way) -> None:
    doubts = Doubts.of([Trial("claude", "2", "", "", (replace(BAD, by=wrong),))])

    assert doubts.about("claude", Kind.APPROVAL, Verdict.DENY, wrong)
    assert not doubts.about("claude", Kind.APPROVAL, Verdict.DENY, other)


def test_what_went_right_one_way_proves_nothing_of_the_other() -> None:
    doubts = Doubts.of(
        [Trial("claude", "2", "", "", (BAD, replace(GOOD, verdict="deny", by="hook")))]
    )

    assert doubts.about("claude", Kind.APPROVAL, Verdict.DENY, Way.PANE)


def test_a_card_that_did_not_come_says_nothing_of_answers() -> None:
    late = replace(BAD, recognised=False, says="no card came within 30 s")

    assert Doubts.of([Trial("claude", "2", "", "", (late,))]) == NO_DOUBTS


def test_a_trial_that_never_came_to_a_dialog_doubts_none() -> None:
    never = Finding("start", "a session", "", "", False, False, "pane", "it ended at once")
    trial = Trial("claude", "2", "", "", (never,))

    assert trial.failed == (never,)
    assert Doubts.of([trial]) == NO_DOUBTS
