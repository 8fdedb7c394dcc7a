"""Whatever the rules and whatever happens: who is asked hears of it in time, and nothing is sent
twice."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.attention.hours import window
from bot.core.attention.rules import Rules
from bot.core.notices import NoticeKind
from bot.core.records import PromptRecord
from tests.support.attention import Calendar, Diary, Machine, diary, team
from tests.support.virtual import virtual

EVENING = datetime(2026, 10, 24, 19, 0, tzinfo=UTC)
"""In Berlin the clocks go back in the night that follows."""
EXAMPLES = 300 if os.environ.get("WINGMAN_TEST_LONG") else 12
NAMES = ("a", "b", "c")
Event = tuple[str, str, int]


def spans(*minutes: float) -> st.SearchStrategy[timedelta]:
    return st.sampled_from([timedelta(minutes=one) for one in (0, *minutes)])


RULES = st.builds(
    Rules,
    remind=st.sampled_from([timedelta(minutes=2), timedelta(minutes=20)]),
    quiet=st.sampled_from([None, window("22-07"), window("0-23:59")]),
    zone=st.just(ZoneInfo("Europe/Berlin")),
    quiet_approvals_after=spans(10, 30),
    presence=spans(0.25),
    dwell=spans(1),
    budget=st.integers(1, 3),
    session_budget=st.integers(1, 2),
    digest_from=st.integers(2, 4),
    escalate_after=spans(5),
)
EVENTS: st.SearchStrategy[list[Event]] = st.lists(
    st.tuples(
        st.sampled_from(["asks", "asks", "answers", "types", "done", "fails", "restart"]),
        st.sampled_from(NAMES),
        st.integers(0, 40),
    ),
    max_size=14,
)


def bound(rules: Rules) -> timedelta:
    """All that no person asked for, one after the other."""
    return (
        rules.quiet_approvals_after
        + rules.dwell
        + timedelta(minutes=10)  # somebody types there
        + rules.digest_every
        + timedelta(minutes=1)
    )


class Life:
    """What happened, and who heard of what."""

    def __init__(self, rules: Rules, folder: Path) -> None:
        self._rules, self._folder = rules, folder
        self._clock = Calendar(EVENING)
        self.phones: tuple[Diary, ...] = (diary("ann", self._clock), diary("bob", self._clock))
        self._machine = Machine()
        self._asked: dict[str, tuple[PromptRecord, datetime | None]] = {}

    async def goes(self, events: list[Event]) -> None:
        left = [*events, ("end", "a", 60)]
        while left:
            async with team(
                self._folder, self._rules, self._clock, self.phones, self._machine
            ) as life:
                while left:
                    what, name, minutes = left.pop(0)
                    if what == "restart":
                        break
                    record = self._asked.get(name)
                    if what == "asks" and (record is None or record[1] is not None):
                        self._check(name)
                        self._asked[name] = (await life.asks(name), None)
                    elif what == "answers" and record is not None and record[1] is None:
                        await life.answers(name)
                        self._asked[name] = (record[0], self._clock.now())
                    elif what == "types":
                        self._machine.keys[life.session(name).pane.pane] = self._clock.now()
                    elif what in ("done", "fails"):
                        await life.tells(name, what)
                    end = self._clock.now() + timedelta(minutes=minutes, seconds=1)
                    while self._clock.now() < end:
                        due = max(await life.due(end), self._clock.now() + timedelta(seconds=5))
                        await self._clock.sleep((due - self._clock.now()).total_seconds())
                        await life.attends()
                        await life.settles()
        for name in self._asked:
            self._check(name)

    def _check(self, name: str) -> None:
        if name not in self._asked:
            return
        record, answered = self._asked[name]
        latest = record.opened_at + bound(self._rules)
        if answered is not None and answered <= latest:
            return
        heard = [at for phone in self.phones for at, words in self._heard(phone, record)]
        assert heard, f"{record.code}: nobody heard of it"
        assert min(heard) <= latest, f"{record.code}: {min(heard) - record.opened_at}"

    def _heard(self, phone: Diary, record: PromptRecord) -> list[tuple[datetime, str]]:
        said = [(at, f"{n.code} " + " ".join(p.text for p in n.parts)) for at, n in phone.came]
        return [(at, words) for at, words in said if record.code in words]

    def cards(self) -> Counter[tuple[str, str]]:
        return Counter(
            (phone.id, notice.code)
            for phone in self.phones
            for _, notice in phone.came
            if notice.kind is NoticeKind.PROMPT
        )


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(RULES, EVENTS)
def test_every_approval_is_heard_of_in_time_and_once(rules: Rules, events: list[Event]) -> None:
    @virtual
    async def check() -> None:
        with tempfile.TemporaryDirectory() as folder:
            life = Life(rules, Path(folder))
            await life.goes(events)
            assert all(count == 1 for count in life.cards().values())

    check()
