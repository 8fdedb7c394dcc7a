"""Each rule by itself, and which goes first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.attention.hours import window
from bot.core.attention.pages import FREE, Action, Moment, Page, Recipient, Told, Weight
from bot.core.attention.rules import Pause, Rules, Standing
from bot.core.attention.ruling import GATHERING, rule

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ASKS = Page(Weight.APPROVAL, "shop", "k3f9", NOON)
REMINDS = replace(ASKS, reminds=True)
DONE, FAILS, HELP, CHATTER = (
    Page(weight, "shop", "", NOON)
    for weight in (Weight.DONE, Weight.FAILURE, Weight.HELP, Weight.CHATTER)
)
ANN = Recipient("telegram", "chat-1", ("telegram:1",))
DESK = Recipient("local", "local", ("local:owner",), rings=False)
PLAIN = Moment(NOON, Rules(zone=UTC), Standing())
HOUR = Pause(NOON + 60 * MINUTE, "Bob")
LUNCH = Rules(zone=UTC, quiet=window("11-13"))


def said(page: Page, moment: Moment, to: Recipient = ANN) -> tuple[str, str, float | None]:
    """Action, rule, and minutes until it is looked at again."""
    ruling = rule(page, to, moment)
    wait = (ruling.until - moment.now) / MINUTE if ruling.until else None
    return ruling.action + ("ly" if ruling.silent else ""), ruling.rule, wait


def test_nothing_said_nothing_held() -> None:
    for page in (ASKS, REMINDS, DONE, FAILS, HELP, CHATTER):
        assert rule(page, ANN, PLAIN) == FREE


def test_the_local_phone_shows_everything() -> None:
    muted = Standing(mutes={"shop": HOUR}, snoozes={"k3f9": HOUR})
    moment = replace(PLAIN, rules=LUNCH, standing=muted, typed_at=NOON)
    for page in (ASKS, REMINDS, DONE, FAILS, HELP, CHATTER):
        assert rule(page, DESK, moment).action is Action.SEND


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (ASKS, ("hold", "mute", 60)),
        (REMINDS, ("hold", "mute", 60)),
        (DONE, ("hold", "mute", 60)),
        (FAILS, ("hold", "mute", 60)),
        (CHATTER, ("drop", "mute", None)),
        (replace(ASKS, session="other"), ("send", "", None)),
    ],
)
def test_mute(page: Page, expected: object) -> None:
    assert said(page, replace(PLAIN, standing=Standing(mutes={"shop": HOUR}))) == expected


def test_snooze_is_about_one_prompt() -> None:
    moment = replace(PLAIN, standing=Standing(snoozes={"k3f9": HOUR}))
    assert said(REMINDS, moment) == ("hold", "snooze", 60)
    assert said(replace(REMINDS, code="m4m4"), moment) == ("send", "", None)


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (ASKS, ("hold", "quiet", 10)),
        (replace(ASKS, since=NOON - 10 * MINUTE), ("send", "", None)),
        (replace(REMINDS, since=NOON - 10 * MINUTE), ("hold", "quiet", 60)),
        (FAILS, ("send", "", None)),
        (HELP, ("hold", "quiet", 60)),
        (DONE, ("hold", "quiet", 60)),
        (CHATTER, ("drop", "quiet", None)),
    ],
)
def test_quiet_hours_let_old_approvals_and_errors_through(page: Page, expected: object) -> None:
    assert said(page, replace(PLAIN, rules=LUNCH)) == expected


def test_what_rings_in_quiet_hours_is_settled_by_the_rules() -> None:
    none = replace(LUNCH, quiet_approvals=False, quiet_errors=False)
    old = replace(ASKS, since=NOON - 90 * MINUTE)
    assert said(old, replace(PLAIN, rules=none)) == ("hold", "quiet", 60)
    assert said(FAILS, replace(PLAIN, rules=none)) == ("hold", "quiet", 60)


def test_where_several_read_it_is_quiet_only_for_all_of_them() -> None:
    both = replace(ANN, people=("telegram:1", "telegram:2"))
    one = Standing(quiet={"telegram:1": "11-13"})
    two = Standing(quiet={"telegram:1": "11-13", "telegram:2": "11-14"})
    assert said(DONE, replace(PLAIN, standing=one), both) == ("send", "", None)
    assert said(DONE, replace(PLAIN, standing=two), both) == ("hold", "quiet", 60)


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (ASKS, ("hold", "presence", 0.25)),
        (HELP, ("hold", "presence", 0.25)),
        (DONE, ("sendly", "presence", None)),
        (CHATTER, ("drop", "presence", None)),
        (REMINDS, ("drop", "presence", None)),
        (replace(ASKS, since=NOON - 10 * MINUTE), ("send", "", None)),
    ],
)
def test_presence(page: Page, expected: object) -> None:
    assert said(page, replace(PLAIN, typed_at=NOON)) == expected


def test_who_left_is_paged() -> None:
    assert rule(ASKS, ANN, replace(PLAIN, typed_at=NOON - timedelta(seconds=15))) == FREE
    off = replace(PLAIN, rules=replace(PLAIN.rules, presence=timedelta()), typed_at=NOON)
    assert rule(ASKS, ANN, off) == FREE


def test_the_ladder() -> None:
    climbs = replace(PLAIN, rules=replace(PLAIN.rules, escalate_after=5 * MINUTE))
    second, third = replace(ANN, rung=1), replace(ANN, rung=2)
    assert said(ASKS, climbs) == ("send", "", None)
    assert said(ASKS, climbs, second) == ("hold", "ladder", 5)
    assert said(ASKS, climbs, third) == ("hold", "ladder", 10)
    later = replace(climbs, now=NOON + 5 * MINUTE)
    assert said(ASKS, later, second) == ("send", "", None)
    assert said(ASKS, later, third) == ("hold", "ladder", 5)
    assert said(DONE, climbs, second) == ("drop", "ladder", None)
    assert said(FAILS, climbs, second) == ("send", "", None)


def test_no_reminder_before_the_card() -> None:
    assert said(REMINDS, replace(PLAIN, card_held=True)) == ("drop", "card", None)


def test_dwell() -> None:
    patient = replace(PLAIN, rules=replace(PLAIN.rules, dwell=MINUTE))
    assert said(ASKS, patient) == ("hold", "dwell", 1)
    assert said(ASKS, replace(patient, now=NOON + MINUTE)) == ("send", "", None)
    assert said(FAILS, patient) == ("send", "", None)


def test_progress_goes_together_where_it_costs() -> None:
    paid = replace(ANN, costs=True)
    assert said(CHATTER, PLAIN, paid) == ("hold", "chatter", 10)
    assert said(DONE, PLAIN, paid) == ("send", "", None)
    assert said(CHATTER, replace(PLAIN, now=NOON + 10 * MINUTE), paid) == ("send", "", None)


def rang(count: int, weight: Weight, session: str = "") -> tuple[Told, ...]:
    at = NOON - MINUTE / 2
    return tuple(Told(at, weight, session or f"s{n}", f"t{n}") for n in range(count))


def test_above_the_budget_it_is_folded() -> None:
    full = replace(PLAIN, recent=rang(20, Weight.APPROVAL))
    gathering = GATHERING / MINUTE
    assert said(ASKS, full) == ("fold", "budget", gathering)
    assert said(ASKS, replace(full, digest_at=NOON)) == ("fold", "budget", 5)
    assert said(ASKS, replace(PLAIN, recent=rang(19, Weight.APPROVAL))) == ("send", "", None)
    assert said(DONE, full) == ("send", "", None)
    assert said(ASKS, replace(full, now=NOON + 10 * MINUTE)) == ("send", "", None)


def test_chatter_never_uses_up_the_approvals_budget() -> None:
    assert said(ASKS, replace(PLAIN, recent=rang(500, Weight.DONE))) == ("send", "", None)


def test_one_session_has_a_budget_of_its_own() -> None:
    loud = replace(PLAIN, recent=rang(10, Weight.DONE, "shop"))
    assert said(DONE, loud)[:2] == ("fold", "budget")
    assert said(replace(DONE, session="other"), loud) == ("send", "", None)
    assert said(DONE, replace(loud, now=NOON + MINUTE / 2)) == ("send", "", None)
    rules = replace(PLAIN.rules, budget=100)
    asking = replace(PLAIN, rules=rules, recent=rang(29, Weight.APPROVAL, "shop"))
    assert said(ASKS, asking) == ("send", "", None)
    flickers = replace(asking, recent=rang(30, Weight.APPROVAL, "shop"))
    assert said(ASKS, flickers)[:2] == ("fold", "budget")


def test_a_minute_has_room_for_what_a_chat_takes() -> None:
    steady = replace(PLAIN, recent=rang(59, Weight.DONE))
    assert said(DONE, steady) == ("send", "", None)
    assert said(DONE, replace(PLAIN, recent=rang(60, Weight.DONE)))[:2] == ("fold", "budget")


def test_where_messages_cost_the_rest_has_ten_minutes_too() -> None:
    paid, full = replace(ANN, costs=True), replace(PLAIN, recent=rang(20, Weight.DONE))
    assert said(DONE, full) == ("send", "", None)
    assert said(DONE, replace(full, now=NOON + 9 * MINUTE), paid)[:2] == ("fold", "budget")


def test_cooldown() -> None:
    cools = replace(PLAIN, rules=replace(PLAIN.rules, cooldown=2 * MINUTE))
    rung = replace(cools, recent=rang(1, Weight.DONE, "shop"))
    assert said(DONE, cools) == ("send", "", None)
    assert said(DONE, rung) == ("sendly", "cooldown", None)
    assert said(ASKS, rung) == said(FAILS, rung) == ("send", "", None)
