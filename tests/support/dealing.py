"""In which order several workers run the tests: ``--dist worksteal`` cuts the list into one piece
for each, and whoever has run out takes half of another's rest."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import pytest

WAITING = ("tmux", "browser")
"""Markers of tests that mostly wait for other programs."""

JOURNEY = 6
"""How long one of these takes, in others that wait."""


def dealt(items: Sequence[pytest.Item], workers: int) -> list[pytest.Item]:
    """Each worker begins with a like share of the modules that wait: left to chance, one of them
    would still be at it when all others have finished."""
    modules = [list(group) for _, group in groupby(items, key=lambda item: item.path)]
    slow = [module for module in modules if _waits(module)]
    quick = [item for module in modules if not _waits(module) for item in module]
    hands: list[list[pytest.Item]] = [[] for _ in range(workers)]
    for module in sorted(slow, key=_weight, reverse=True):
        min(hands, key=_weight).extend(module)
    size = -(-len(items) // workers)
    order: list[pytest.Item] = []
    for number, hand in enumerate(hands, 1):
        room = max(0, number * size - len(order) - len(hand))
        order += hand + quick[:room]
        del quick[:room]
    return order + quick


def _waits(module: Sequence[pytest.Item]) -> bool:
    return any(module[0].get_closest_marker(name) for name in WAITING)


def _weight(items: Sequence[pytest.Item]) -> int:
    return sum(JOURNEY if "journeys" in item.path.parts else 1 for item in items)
