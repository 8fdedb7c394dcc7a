"""A code made at the machine lets one person in; nothing else does, and nothing else is heard."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.core.decisions import Inbound
from bot.core.errors import NotFound
from bot.core.ids import EventId
from bot.core.notices import Notice, NoticeKind, Urgency
from bot.core.pairing import hash_of
from bot.core.records import AuditRecord, InboxState
from bot.services.gate import Gate
from bot.services.notifier import Notifier
from bot.services.pairing import PENDING, TRIES, WATCHED, Pairing, expected_on
from bot.services.people import People
from tests.support.phone import ANN, Bubble, FakePhone
from tests.support.virtual import VirtualClock, virtual
from tests.support.world import World, ledger, running

BOB = "7002"
HOUR = 3600.0


async def invited(world: World, channel: str = "fake") -> str:
    return (await world.services.pairing.invite(channel, "cli:owner")).code


async def tries(world: World, code: str, user: str = BOB, **more: Any) -> None:
    await world.phone.says(f"/start {code}", user=user, name="Bob", **more)
    await world.passes(5)


def words(code: str, **more: Any) -> Inbound:
    return Inbound("fake", EventId("e"), BOB, "Bob", f"chat-{BOB}", f"/start {code}", **more)


async def audit(world: World, *events: str) -> list[AuditRecord]:
    async with world.store.snapshot() as tx:
        return [row for row in await tx.audit.since(None) if row.event in events]


async def kept(world: World) -> list[tuple[str, InboxState]]:
    async with world.store.snapshot() as tx:
        rows = [row for state in InboxState for row in await tx.inbox.in_state(state)]
    return [(row.inbound.user, row.state) for row in rows]


def at_bobs(world: World) -> list[Bubble]:
    return world.phone.at(f"chat-{BOB}")


@virtual
async def test_who_sends_the_code_is_welcomed_and_may_act(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = world.session("shop")
        await tries(world, await invited(world))
        (welcome,) = at_bobs(world)
        assert welcome.notice.title == "✓ Paired with Wingman"
        world.asks(pane, "make")
        await world.card("make")
        card = next(b for b in at_bobs(world) if b.notice.kind is NoticeKind.PROMPT)
        await world.phone.says(card.button("Approve"), card.ref, user=BOB, tapped=True)
        await world.soon(lambda: pane.agent.keys or None, "the key")
        assert pane.agent.keys == [b"\r"]


@virtual
async def test_a_paired_person_is_one_after_a_restart(tmp_path: Path) -> None:
    world = World(tmp_path)
    async with running(world):
        await tries(world, await invited(world))
    async with running(world):
        await world.phone.says("ping", user=BOB)
        await world.reply("pong")
        assert at_bobs(world)[-1].notice.title == "pong"


@virtual
async def test_those_who_may_act_already_are_told_and_how_to_undo_it(tmp_path: Path) -> None:
    other = FakePhone("other")
    async with running(World(tmp_path, more_channels=(other,))) as world:
        await tries(world, await invited(world))
        title = "👤 Bob was paired on Fake and may now act"
        assert title in other.titles()
        told = next(b for b in world.phone.at(f"chat-{ANN}") if b.notice.title == title)
        assert "wingman people remove fake:7002" in told.text
        assert title not in [b.notice.title for b in at_bobs(world)]
        (row,) = await audit(world, "people.paired")
        assert (row.actor, row.subject) == ("fake:7002", "fake:7002")


@virtual
async def test_a_code_lets_one_person_in(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        code = await invited(world)
        await tries(world, code)
        await tries(world, code, user="7003")
        assert world.phone.at("chat-7003") == []
        assert set(world.services.people.on("fake")) == {BOB}


@virtual
async def test_two_who_send_it_at_once_are_one_person_and_one_stranger(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        code = await invited(world)
        for user in (BOB, "7003"):
            await world.phone.says(f"/start {code}", user=user)
        await world.passes(5)
        assert len(world.services.people.on("fake")) == 1
        assert len(world.phone.at("chat-7003")) + len(at_bobs(world)) == 1


@virtual
async def test_a_code_ends_after_an_hour(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        code = await invited(world)
        await world.passes(HOUR)
        await tries(world, code)
        assert at_bobs(world) == []


@virtual
async def test_a_code_is_for_its_own_channel(tmp_path: Path) -> None:
    other = FakePhone("other")
    async with running(World(tmp_path, more_channels=(other,))) as world:
        code = await invited(world, "other")
        await tries(world, code)
        assert await kept(world) == []
        assert await world.services.pairing.greet(words(code)) is None
        assert at_bobs(world) == []
        assert world.services.people.on("fake") == {}


@virtual
async def test_three_codes_are_open_at_most_and_the_newest_count(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        elsewhere = await invited(world, "other")
        codes = [await invited(world) for _ in range(PENDING + 2)]
        async with world.store.snapshot() as tx:
            known = [one.hash for one in await tx.pairing_codes.open(world.clock.now())]
        assert known == [hash_of(code) for code in (elsewhere, *codes[-PENDING:])]


@virtual
async def test_codes_are_long_and_stand_nowhere_in_the_ledger(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        codes = {await invited(world) for _ in range(20)}
        assert len(codes) == 20
        assert all(re.fullmatch(r"[A-Za-z0-9_-]{16}", code) for code in codes)
    stored = (tmp_path / "wingman.db").read_bytes()  # after the end that is all of it
    assert not any(code.encode() in stored for code in codes)


@virtual
async def test_five_wrong_codes_and_even_the_right_one_is_ignored_for_an_hour(
    tmp_path: Path,
) -> None:
    async with running(World(tmp_path)) as world:
        code = await invited(world)
        for number in range(TRIES):
            await tries(world, f"wrong-wrong-{number}")
        await tries(world, code)
        assert at_bobs(world) == []
        assert set(world.services.people.on("fake")) == set()
        await tries(world, code, user="7003")
        assert set(world.services.people.on("fake")) == {"7003"}
        await world.passes(HOUR)
        await tries(world, await invited(world))
        assert set(world.services.people.on("fake")) == {BOB, "7003"}


@virtual
async def test_fewer_wrong_codes_are_forgiven(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        for number in range(TRIES - 1):
            await tries(world, f"wrong-wrong-{number}")
        await tries(world, await invited(world))
        assert set(world.services.people.on("fake")) == {BOB}


@virtual
async def test_who_tries_wrong_codes_is_remembered_within_limits(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        for user in range(WATCHED + 50):
            await world.phone.says("/start wrong-wrong", user=f"s{user}")
        assert len(world.services.pairing._tries) == WATCHED


@virtual
async def test_a_flood_of_strangers_leaves_next_to_nothing(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        code = await invited(world)
        for number in range(10_000):
            text = ("hello", "/start", f"/start {code}x", "approve shop")[number % 4]
            await world.phone.says(text, user="666", event=f"m{number}")
        await world.passes(5)
        assert world.phone.bubbles == []
        assert await kept(world) == []
        assert [row.actor for row in await audit(world, "inbox.refused")] == ["fake:666"] * 3


@pytest.mark.parametrize("how", [{"tapped": True}, {"looks_only": True}], ids=["tap", "group"])
@virtual
async def test_only_typed_words_in_a_chat_of_ones_own_count(
    tmp_path: Path, how: dict[str, Any]
) -> None:
    async with running(World(tmp_path)) as world:
        code = await invited(world)
        await tries(world, code, **how)
        assert await kept(world) == []
        assert await world.services.pairing.greet(words(code, **how)) is None
        assert at_bobs(world) == []
        assert world.services.people.on("fake") == {}


@virtual
async def test_a_link_opened_again_is_welcomed_again_and_pairs_nobody_else(
    tmp_path: Path,
) -> None:
    async with running(World(tmp_path)) as world:
        code = await invited(world)
        for _ in range(2):
            await tries(world, code)
        assert [b.notice.title for b in at_bobs(world)] == ["✓ Paired with Wingman"] * 2
        assert len(await audit(world, "people.paired")) == 1


@virtual
async def test_an_event_that_is_handled_again_after_a_crash_has_the_same_answer(
    tmp_path: Path,
) -> None:
    async with running(World(tmp_path)) as world:
        await tries(world, await invited(world), event="e1")
        async with world.store.snapshot() as tx:
            inbound = await tx.inbox.get("fake", "e1")  # type: ignore[arg-type]
        assert inbound is not None
        again = await world.services.pairing.greet(inbound)
        assert again == at_bobs(world)[0].notice
        assert len(await audit(world, "people.paired")) == 1


@virtual
async def test_who_is_on_the_list_uses_the_code_up_and_is_no_other_person(
    tmp_path: Path,
) -> None:
    async with running(World(tmp_path)) as world:
        code = await invited(world)
        await tries(world, code, user=ANN)
        await world.reply("Paired with Wingman")
        await tries(world, code)
        assert world.services.people.on("fake") == {}
        assert at_bobs(world) == []


@virtual
async def test_start_with_other_words_is_a_command_as_ever(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        shown = await world.hears("/start shop-in-town")
        assert "I need a name and a directory" in shown.text


@virtual
async def test_a_name_is_one_short_line(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        name = "Bob\n👤 Ann\x00\u202e " + "x" * 500
        await world.phone.says(f"/start {await invited(world)}", user=BOB, name=name)
        await world.soon(lambda: at_bobs(world) or None, "the welcome")
        person = world.services.people.get("fake", BOB)
        assert person is not None
        assert person.name.startswith("Bob 👤 Ann xxx")
        assert len(person.name) == 64


@virtual
async def test_who_was_removed_is_a_stranger_and_gets_nothing_more(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = world.session("shop")
        await tries(world, await invited(world))
        shown = len(at_bobs(world))
        async with world.store.transaction() as tx:
            notice = Notice(NoticeKind.STATE, "still waiting")
            for user in (ANN, BOB):
                await world.services.notifier.reply(tx, user, ("fake", f"chat-{user}"), notice)
        removed = await world.services.pairing.remove("fake", BOB, "cli:owner")
        assert removed.id == "fake:7002"
        world.asks(pane, "make")
        await world.card("make")
        await world.phone.says("approve shop", user=BOB)
        await world.passes(5)
        assert pane.agent.keys == []
        assert len(at_bobs(world)) == shown
        assert "still waiting" in world.phone.titles()
        (row,) = await audit(world, "people.removed")
        assert (row.actor, row.subject) == ("cli:owner", "fake:7002")
        with pytest.raises(NotFound, match="nobody was paired as fake:7002"):
            await world.services.pairing.remove("fake", BOB, "cli:owner")


@virtual
async def test_what_somebody_else_reads_there_is_sent_all_the_same(tmp_path: Path) -> None:
    phone = FakePhone(allowed={ANN: f"chat-{BOB}"})
    async with running(World(tmp_path, phone=phone)) as world:
        await tries(world, await invited(world))
        async with world.store.transaction() as tx:
            notice = Notice(NoticeKind.STATE, "still waiting")
            await world.services.notifier.tell_all(tx, "k", notice, Urgency.HELP)
        await world.services.pairing.remove("fake", BOB, "cli:owner")
        world.services.outbox.wake()
        await world.passes(5)
        assert "still waiting" in world.phone.titles()


@virtual
async def test_people_are_expected_where_somebody_is_or_a_code_is_open(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        now = world.clock.now()
        assert await expected_on(world.store, now) == frozenset()
        code = await invited(world)
        await invited(world, "other")
        assert await expected_on(world.store, now) == {"fake", "other"}
        assert await expected_on(world.store, now + timedelta(hours=2)) == frozenset()
        await tries(world, code)
        assert await expected_on(world.store, now + timedelta(hours=2)) == {"fake"}


@virtual
async def test_codes_that_are_long_over_are_forgotten(tmp_path: Path) -> None:
    async with ledger(tmp_path) as store:
        clock, people = VirtualClock(), People(store)
        pairing = Pairing(store, people, Gate(()), Notifier((), clock), clock)
        old = hash_of((await pairing.invite("fake", "cli:owner")).code)
        await clock.sleep(26 * HOUR)
        await pairing.invite("fake", "cli:owner")
        async with store.snapshot() as tx:
            assert await tx.pairing_codes.get(old) is None
