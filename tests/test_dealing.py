"""How the tests are dealt to several workers."""

from __future__ import annotations

from itertools import groupby, pairwise
from pathlib import Path

import pytest

from tests.support.dealing import dealt

SLOW, QUICK = (
    """
import pytest
pytestmark = pytest.mark.tmux
def test_one(): ...
def test_two(): ...
""",
    """
import pytest
@pytest.mark.parametrize("n", range(20))
def test_many(n): ...
""",
)


@pytest.fixture
def items(tmp_path: Path, request: pytest.FixtureRequest) -> list[pytest.Item]:
    """Of five modules that wait and three that do not."""
    found: list[pytest.Item] = []
    for number in range(8):
        path = tmp_path / f"test_{number}.py"
        path.write_text(SLOW if number < 5 else QUICK)
        module = pytest.Module.from_parent(request.session, path=path)
        found += request.session.genitems(module)
    return found


def test_each_worker_begins_with_a_share_of_those_that_wait(items: list[pytest.Item]) -> None:
    order = dealt(items, 2)
    size = len(items) // 2
    begins = [[item for item in order[at : at + 6] if _waits(item)] for at in (0, size)]
    assert sorted(map(len, begins)) == [4, 6]


@pytest.mark.parametrize("workers", [1, 2, 3, 7, 50])
def test_nothing_is_lost_and_no_module_is_torn_apart(
    items: list[pytest.Item], workers: int
) -> None:
    order = dealt(items, workers)
    assert sorted(map(id, order)) == sorted(map(id, items))
    slow = [path for path, _ in groupby(item.path for item in order if _waits(item))]
    assert len(slow) == len(set(slow)) == 5
    assert all(
        items.index(one) < items.index(next_one)
        for one, next_one in pairwise(order)
        if one.path == next_one.path
    )


def _waits(item: pytest.Item) -> bool:
    return item.get_closest_marker("tmux") is not None
