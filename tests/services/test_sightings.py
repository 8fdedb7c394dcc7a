from dataclasses import replace

from bot.core.ids import PaneId, PaneKey, ServerKey
from bot.core.screen import PaneFacts
from bot.ports.terminal import PaneInfo
from bot.services.sightings import READ_ALL, Sightings

INFO = PaneInfo(
    key=PaneKey(ServerKey(1, 2), PaneId("%1"), 3),
    session="shop",
    session_id="$0",
    window_index=0,
    pane_index=0,
    command="claude",
    path="/",
    title="",
    width=80,
    height=24,
    tty="/dev/pts/1",
    dead=False,
    activity=100,
)
FACTS = PaneFacts("claude", width=80, height=24)


def test_only_what_wrote_after_it_was_looked_at_may_be_missed() -> None:
    sightings = Sightings()
    assert sightings.may_miss(INFO)

    sightings.note(INFO.key, 101, FACTS)
    assert not sightings.may_miss(INFO)
    assert sightings.may_miss(replace(INFO, activity=102))
    assert sightings.may_miss(replace(INFO, command="bash"))
    assert sightings.may_miss(replace(INFO, height=25))

    sightings.forget(INFO.key)
    assert sightings.may_miss(INFO)


def test_the_same_second_proves_nothing() -> None:
    sightings = Sightings()
    sightings.note(INFO.key, 100, FACTS)
    assert sightings.may_miss(INFO)


def test_every_screen_is_read_once_a_minute() -> None:
    sightings = Sightings()
    assert sightings.reads_all(1000.0)
    assert not sightings.reads_all(1000.0 + READ_ALL - 1)
    assert sightings.reads_all(1000.0 + READ_ALL)


def test_what_is_drawn_once_more_is_nothing_new() -> None:
    sightings = Sightings()
    assert sightings.draws(INFO.key, ("a",))
    assert not sightings.draws(INFO.key, ("a",))
    assert sightings.draws(INFO.key, ("b",))
    sightings.forget(INFO.key)
    assert sightings.draws(INFO.key, ("b",))
