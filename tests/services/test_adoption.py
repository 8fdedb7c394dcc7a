"""Which panes are ours to watch, and what they are called."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace
from pathlib import Path

import pytest

from bot.app import agents
from bot.core.ids import PaneKey
from bot.core.lifecycle import Phase
from bot.core.sessions import Origin
from bot.ports.terminal import PaneInfo
from bot.services.adoption import Adoption, Watch, WatchRule, free_name
from bot.services.roster import Roster
from tests.support.ledger_rows import pane
from tests.support.virtual import VirtualClock, virtual
from tests.support.world import ledger

INFO = PaneInfo(
    key=pane(),
    session="shop",
    session_id="$0",
    window_index=0,
    pane_index=0,
    command="claude",
    path="/home/ann/shop",
    title="",
    width=80,
    height=24,
    tty="/dev/pts/1",
    dead=False,
    activity=0,
)
AGENTS = tuple(agents().values())


async def adopted(
    folder: Path,
    *infos: PaneInfo,
    rule: WatchRule | None = None,
    claimed: frozenset[str] = frozenset(),
) -> Roster:
    async def claims(panes: Sequence[PaneKey]) -> Set[PaneKey]:
        return {key for key in panes if key.pane in claimed}

    async with ledger(folder) as store:
        roster = Roster(store)
        await roster.load()
        rule = rule or WatchRule("all", (), AGENTS)
        adoption = Adoption(store, roster, rule, VirtualClock(), claims)
        for info in infos:
            await adoption.consider([info])
        return roster


def names(roster: Roster) -> list[str]:
    return [session.name for session in roster.live()]


@virtual
async def test_a_found_pane_is_named_as_its_tmux_session(tmp_path: Path) -> None:
    roster = await adopted(tmp_path, INFO)
    (session,) = roster.all()
    assert (session.name, session.origin, session.directory) == (
        "shop",
        Origin.FOUND,
        "/home/ann/shop",
    )


@virtual
async def test_the_same_pane_is_adopted_once_also_after_a_restart(tmp_path: Path) -> None:
    await adopted(tmp_path, INFO, INFO)
    assert names(await adopted(tmp_path, INFO)) == ["shop"]


@virtual
async def test_more_panes_of_a_session_get_numbers_tmux_cannot_give(tmp_path: Path) -> None:
    more = [replace(INFO, key=pane(f"%{number}")) for number in (2, 3)]
    assert names(await adopted(tmp_path, INFO, *more)) == ["shop", "shop.2", "shop.3"]


def test_a_free_name_is_the_first_that_nobody_has() -> None:
    assert free_name("a", ()) == "a"
    assert free_name("a", ("a", "a.3")) == "a.2"


@virtual
async def test_a_dead_pane_and_an_ignored_session_are_left_alone(tmp_path: Path) -> None:
    rule = WatchRule("all", ("priv*", "x-?"), ())
    infos = [
        replace(INFO, dead=True),
        replace(INFO, key=pane("%2"), session="private"),
        replace(INFO, key=pane("%3"), session="x-1"),
        replace(INFO, key=pane("%4"), session="x-12"),
    ]
    assert names(await adopted(tmp_path, *infos, rule=rule)) == ["x-12"]


@pytest.mark.parametrize(
    ("watch", "found"), [("all", ["shop", "vim"]), ("agents", ["shop"]), ("listed", [])]
)
@virtual
async def test_the_rule_says_what_is_watched(
    tmp_path: Path, watch: Watch, found: list[str]
) -> None:
    editor = replace(INFO, key=pane("%2"), session="vim", command="vim")
    rule = WatchRule(watch, (), AGENTS)
    assert names(await adopted(tmp_path, INFO, editor, rule=rule)) == found


@pytest.mark.parametrize(
    ("command", "title", "found"),
    [
        ("claude", "", ["one", "two"]),
        ("node", "", ["two"]),
        ("python3.11", "", ["two"]),
        ("ssh", "OC | fix the tests", ["two"]),
        ("ssh", "fix the tests", []),
        ("bash", "OpenCode", []),
        ("vim", "", []),
    ],
)
@virtual
async def test_a_program_that_may_be_an_agent_is_watched_where_one_claims_the_screen(
    tmp_path: Path, command: str, title: str, found: list[str]
) -> None:
    infos = [
        replace(INFO, key=pane(f"%{n}"), session=name, command=command, title=title)
        for n, name in ((1, "one"), (2, "two"))
    ]
    rule = WatchRule("agents", (), AGENTS)
    roster = await adopted(tmp_path, *infos, rule=rule, claimed=frozenset({"%2"}))
    assert names(roster) == found


@virtual
async def test_a_renamed_session_keeps_our_name(tmp_path: Path) -> None:
    renamed = replace(INFO, session="store", path="/srv")
    (session,) = (await adopted(tmp_path, INFO, renamed)).all()
    assert (session.name, session.tmux_session, session.directory) == ("shop", "store", "/srv")


@virtual
async def test_while_we_start_it_a_pane_is_not_found(tmp_path: Path) -> None:
    async with ledger(tmp_path) as store:
        roster = Roster(store)
        adoption = Adoption(store, roster, WatchRule("all", (), ()), VirtualClock())
        with adoption.expecting("shop"):
            assert await adoption.consider([INFO]) == []
        assert await adoption.consider([INFO])


@virtual
async def test_a_pane_seen_again_goes_on_with_its_epoch(tmp_path: Path) -> None:
    async with ledger(tmp_path) as store:
        roster = Roster(store)
        adoption = Adoption(store, roster, WatchRule("all", (), ()), VirtualClock())
        (found,) = await adoption.consider([INFO])
        assert found is not None
        await roster.change(
            found.name, lambda s: replace(s, phase=Phase.ENDED, epoch=5, watched=False)
        )
        (again,) = await adoption.consider([INFO])
        assert again is not None
        assert (again.name, again.epoch, again.watched) == ("shop", 5, False)
        assert again.phase is not Phase.ENDED


@virtual
async def test_a_name_that_was_taken_meanwhile_is_not_taken_back(tmp_path: Path) -> None:
    async with ledger(tmp_path) as store:
        roster = Roster(store)
        adoption = Adoption(store, roster, WatchRule("all", (), ()), VirtualClock())
        (found,) = await adoption.consider([INFO])
        assert found is not None
        await roster.change(found.name, lambda s: replace(s, phase=Phase.ENDED))
        await adoption.consider([replace(INFO, key=pane("%2"))])
        for _ in range(3):
            await adoption.consider([INFO])
        assert names(roster) == ["shop", "shop.2"]


@virtual
async def test_many_at_once_are_one_transaction_and_have_names_of_their_own(
    tmp_path: Path,
) -> None:
    async with ledger(tmp_path) as store:
        roster = Roster(store)
        adoption = Adoption(store, roster, WatchRule("all", (), ()), VirtualClock())
        panes = [replace(INFO, key=pane(f"%{number}")) for number in range(20)]
        found = await adoption.consider(panes)
        assert len({session.name for session in found}) == 20
        assert await adoption.consider(panes) == []
        async with store.snapshot() as tx:
            assert len(await tx.sessions.all()) == 20
