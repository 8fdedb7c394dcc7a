"""Which panes have to be asked about again."""

from __future__ import annotations

from dataclasses import replace

from bot.adapters.tmux import rows
from bot.adapters.tmux.listing import Listing
from bot.core.ids import PaneId
from bot.ports.terminal import PaneInfo

NOW = 1_800_000_000
_ROW = ("10 1000 %5 77 $1 0 1 80 24 /dev/pts/3 0 99", "", "", "shop", "cat", "/", "title")
(INFO,) = rows.pane_infos(["\u241f".join(" ".join(_ROW).split(" "))])
OLD = replace(INFO, activity=NOW - 9)
OTHER = replace(OLD, key=replace(OLD.key, pane=PaneId("%8")))


def brief(info: PaneInfo, activity: int = NOW - 9) -> str:
    return f"{info.key.pane} {activity} {rows.brief(info)}"


def test_what_has_written_nothing_is_not_asked_about() -> None:
    listing = Listing(OLD.key.server, NOW, [OLD, OTHER])
    assert listing.changed([brief(OLD), brief(OTHER)]) == []
    assert listing.update(NOW + 5, []) == (OLD, OTHER)


def test_what_wrote_in_the_second_it_was_listed_may_have_written_after_that() -> None:
    listing = Listing(OLD.key.server, NOW, [OLD, OTHER])
    assert listing.changed([brief(OLD), brief(OTHER, NOW)]) == [OTHER.key.pane]
    after = replace(OTHER, command="vim", activity=NOW)
    assert listing.update(NOW + 5, [after]) == (OLD, after)
    assert listing.changed([brief(OLD), brief(after, NOW)]) == []


def test_what_has_another_size_or_is_dead_is_asked_about() -> None:
    listing = Listing(OLD.key.server, NOW, [OLD, OTHER])
    changed = [replace(OLD, width=11), replace(OTHER, dead=True)]
    assert listing.changed([brief(info) for info in changed]) == [OLD.key.pane, OTHER.key.pane]


def test_other_panes_are_listed_anew() -> None:
    listing = Listing(OLD.key.server, NOW, [OLD])
    assert listing.changed([brief(OLD), brief(OTHER)]) is None
    assert listing.changed([]) is None
    again = replace(OLD, key=replace(OLD.key, pid=OLD.key.pid + 1))
    assert listing.changed([brief(again)]) == [OLD.key.pane]
