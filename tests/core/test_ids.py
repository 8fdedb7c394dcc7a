"""One life of one pane is not another."""

from __future__ import annotations

from dataclasses import replace

from bot.core.ids import PaneId, PaneKey, ServerKey

KEY = PaneKey(ServerKey(1, 1_800_000_000), PaneId("%5"), 77)


def test_each_life_of_a_pane_is_another_key() -> None:
    others = [
        replace(KEY, pid=78),
        replace(KEY, pane=PaneId("%6")),
        replace(KEY, server=ServerKey(2, 1_800_000_000)),
        replace(KEY, server=ServerKey(1, 1_800_000_060)),
    ]
    assert len({KEY, *others}) == 5
    assert len({KEY, replace(KEY)}) == 1
