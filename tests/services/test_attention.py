"""What becomes of a notice on its way to the outbox."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.core.attention.hours import window
from bot.core.attention.rules import Pause, Rules
from bot.core.cards import prompt_card, topic_of
from tests.support.attention import Calendar, Diary, Machine, diary, team
from tests.support.virtual import virtual

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


def titles(phone: Diary) -> list[str]:
    return [notice.title for _, notice in phone.came]


@virtual
async def test_what_was_said_and_held_outlives_a_restart(tmp_path: Path) -> None:
    clock = Calendar(NOON)
    ann = diary("ann", clock)
    pause = Pause(NOON + timedelta(hours=1), "Ann")
    async with team(tmp_path, Rules(), clock, (ann,)) as life:
        await life.attention.change(lambda s: replace(s, mutes={"shop": pause}, remind=300))
        await life.asks("shop")
    async with team(tmp_path, Rules(), clock, (ann,)) as life:
        assert life.attention.standing.mutes == {"shop": pause}
        assert life.attention.remind == timedelta(minutes=5)
        assert life.attention.holding
        await life.attends()
        assert titles(ann) == []


@virtual
async def test_what_rang_lately_is_known_after_a_restart(tmp_path: Path) -> None:
    clock, rules = Calendar(NOON), Rules(budget=2)
    ann = diary("ann", clock)
    async with team(tmp_path, rules, clock, (ann,)) as life:
        await life.asks("a")
        await life.asks("b")
        await life.settles()
    async with team(tmp_path, rules, clock, (ann,)) as life:
        await life.asks("c")
        await life.settles()
        assert len(ann.came) == 2
        await life.answers("a")
        await life.asks("d")
        await life.settles()
        assert titles(ann)[2:] == ["🔒 Session 'd' needs approval"]


@virtual
async def test_what_is_settled_is_held_no_more(tmp_path: Path) -> None:
    clock = Calendar(NOON)
    ann = diary("ann", clock)
    rules = Rules(dwell=timedelta(minutes=1))
    async with team(tmp_path, rules, clock, (ann,)) as life:
        record = await life.asks("shop")
        await life.answers("shop")
        async with life.store.snapshot() as tx:
            assert await tx.held.of(f"prompt:{record.id}") == ()
        await clock.sleep(70)
        await life.attends()
        await life.settles()
        assert ann.came == []


@virtual
async def test_a_held_card_comes_as_it_is_then(tmp_path: Path) -> None:
    clock = Calendar(NOON)
    ann = diary("ann", clock)
    rules = Rules(dwell=timedelta(minutes=1))
    async with team(tmp_path, rules, clock, (ann,)) as life:
        record = await life.asks("shop")
        card = replace(prompt_card(record), title="changed")
        async with life.store.transaction() as tx:
            await life.notifier.update_cards(tx, "again", card, topic_of(record))
        await clock.sleep(61)
        await life.attends()
        await life.settles()
    assert titles(ann) == ["changed"]


@virtual
async def test_a_machine_that_cannot_tell_who_types_holds_nothing(tmp_path: Path) -> None:
    clock, machine = Calendar(NOON), Machine()
    ann, desk = diary("ann", clock), diary("desk", clock)
    async with team(tmp_path, Rules(), clock, (ann, desk), machine) as life:
        life.roster.publish(life.session("shop"))
        machine.keys[life.session("shop").pane.pane] = clock.now()
        await life.attends()
        await life.asks("shop")
        await life.settles()
        assert titles(ann) == []
        assert [notice.silent for _, notice in desk.came] == [True]


def test_rungs_and_readers(tmp_path: Path) -> None:
    clock = Calendar(NOON)

    @virtual
    async def check() -> None:
        phones = (diary("ann", clock), diary("bob", clock), diary("desk", clock))
        async with team(tmp_path, Rules(), clock, phones) as life:
            attention = life.attention
            assert attention.people_at("ann", "chat-ann") == ("ann:ann-id",)
            assert [attention.rung(name, ()) for name in ("ann", "bob")] == [0, 1]
            assert not attention.has_phone("desk")
            assert not attention.has_phone("cli")
        named = Rules(escalate_to=("bob", "ann:ann-id"))
        async with team(tmp_path, named, clock, phones) as life:
            assert life.attention.rung("ann", ("ann:ann-id",)) == 1
            assert life.attention.rung("ann", ("ann:other",)) == 2

    check()


@virtual
async def test_only_what_was_not_just_sent_leaves_a_trace(tmp_path: Path) -> None:
    clock = Calendar(NOON)
    ann = diary("ann", clock)
    quiet = Rules(quiet=window("11-13"), zone=UTC)
    for rules, expected in ((Rules(), []), (quiet, ["hold"])):
        async with team(tmp_path / str(len(expected)), rules, clock, (ann,)) as life:
            record = await life.asks("shop")
            async with life.store.snapshot() as tx:
                found = await tx.rulings.about(record.code)
            assert [ruling.action for ruling in found] == expected
