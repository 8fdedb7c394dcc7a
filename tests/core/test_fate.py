"""Reports of a message, in any order."""

from itertools import permutations

import pytest

from bot.core.fate import Fate, later


@pytest.mark.parametrize("told", list(permutations(Fate, 3)), ids=str)
def test_the_order_of_reports_does_not_matter(told: tuple[Fate, ...]) -> None:
    ends = set()
    for order in permutations(told):
        known = None
        for fate in order:
            known = later(known, fate)
        ends.add(known)
    assert len(ends) == 1


def test_what_arrived_has_not_failed() -> None:
    assert later(Fate.DELIVERED, Fate.FAILED) is Fate.DELIVERED
    assert later(Fate.FAILED, Fate.READ) is Fate.READ


def test_nothing_goes_back() -> None:
    assert later(Fate.READ, Fate.DELIVERED) is Fate.READ
    assert later(Fate.SENT, Fate.QUEUED) is Fate.SENT
    assert later(Fate.SENT, Fate.FAILED) is Fate.FAILED
