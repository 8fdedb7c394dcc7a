"""What every Store must do. A test class inherits it and has a ``store`` fixture."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.approvals import LIVE, PromptState
from bot.core.decisions import Decision, Verdict
from bot.core.errors import WingmanError
from bot.core.ids import Code, EventId, PromptId, SessionName
from bot.ports.store import Store
from tests.support.ledger_rows import NOW, outbox_record, pane, prompt_record, session


class Deliberate(Exception):
    """What a test throws to leave a transaction."""


class TransactionContract:
    async def test_keeps_what_was_done_in_it(self, store: Store) -> None:
        async with store.transaction() as tx:
            await tx.meta.put("offset", "1")
            await tx.meta.put("offset", "2")
            assert await tx.meta.get("offset") == "2"
        async with store.snapshot() as tx:
            assert await tx.meta.get("offset") == "2"
            assert await tx.meta.get("other") is None

    async def test_leaves_nothing_after_an_exception(self, store: Store) -> None:
        async def work() -> None:
            async with store.transaction() as tx:
                await tx.meta.put("offset", "1")
                await tx.prompts.add(prompt_record())
                await tx.outbox.add(outbox_record())
                await tx.audit.append(NOW, "a", "b", "c", {})
                raise Deliberate

        with pytest.raises(Deliberate):
            await work()
        async with store.snapshot() as tx:
            assert await tx.meta.get("offset") is None
            assert await tx.prompts.in_states(frozenset(PromptState)) == ()
            assert await tx.outbox.due(NOW) == ()
            assert await tx.audit.since(None) == ()

    async def test_leaves_nothing_when_it_is_cancelled(self, store: Store) -> None:
        inside = asyncio.Event()

        async def work() -> None:
            async with store.transaction() as tx:
                await tx.meta.put("offset", "1")
                inside.set()
                await asyncio.Event().wait()

        task = asyncio.get_running_loop().create_task(work())
        await inside.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with store.transaction() as tx:
            assert await tx.meta.get("offset") is None

    async def test_a_failed_statement_spoils_all_of_it(self, store: Store) -> None:
        """Also when somebody swallows the error: half of a change is worse than none."""

        async def work() -> None:
            async with store.transaction() as tx:
                await tx.meta.put("offset", "1")
                with contextlib.suppress(WingmanError):
                    await tx.prompts.add(prompt_record("p1"))
                    await tx.prompts.add(prompt_record("p1"))
                with contextlib.suppress(WingmanError):
                    await tx.meta.put("offset", "2")

        with pytest.raises(WingmanError):
            await work()
        async with store.snapshot() as tx:
            assert await tx.meta.get("offset") is None

    async def test_within_itself_is_an_error_instead_of_a_standstill(self, store: Store) -> None:
        async with store.transaction():
            with pytest.raises(RuntimeError, match="wait for itself"):
                async with store.transaction():
                    pass

    async def test_one_writer_after_the_other(self, store: Store) -> None:
        async def count() -> None:
            async with store.transaction() as tx:
                number = int(await tx.meta.get("count") or 0)
                await tx.meta.put("count", str(number + 1))

        async with asyncio.TaskGroup() as group:
            for _ in range(50):
                group.create_task(count())
        async with store.snapshot() as tx:
            assert await tx.meta.get("count") == "50"

    async def test_a_snapshot_does_not_wait_for_the_writer(self, store: Store) -> None:
        async with store.transaction() as writing:
            await writing.meta.put("offset", "1")
            async with asyncio.timeout(5), store.snapshot() as reading:
                assert await reading.meta.get("offset") is None

    async def test_a_snapshot_stays_as_it_was(self, store: Store) -> None:
        async with store.snapshot() as reading:
            assert await reading.meta.get("offset") is None
            async with store.transaction() as writing:
                await writing.meta.put("offset", "1")
            assert await reading.meta.get("offset") is None

    async def test_a_snapshot_is_not_for_writing(self, store: Store) -> None:
        async with store.snapshot() as tx:
            with pytest.raises(RuntimeError, match="for reading only"):
                await tx.meta.put("offset", "1")


class SessionsContract:
    async def test_inserts_or_replaces_by_name(self, store: Store) -> None:
        first = session("api")
        second = replace(first, epoch=7, watched=False, prompt=None, signals=("DONE:x",))
        async with store.transaction() as tx:
            await tx.sessions.put(first)
            await tx.sessions.put(session("web"))
            await tx.sessions.put(second)
            assert await tx.sessions.all() == (second, session("web"))
            assert await tx.sessions.get(SessionName("api")) == second
            assert await tx.sessions.get(SessionName("nothing")) is None

    async def test_removes(self, store: Store) -> None:
        async with store.transaction() as tx:
            await tx.sessions.put(session("api"))
            await tx.sessions.remove(SessionName("api"))
            await tx.sessions.remove(SessionName("api"))
            assert await tx.sessions.all() == ()


class PromptsContract:
    async def test_comes_back_whole(self, store: Store) -> None:
        decided = replace(
            prompt_record("p1"),
            state=PromptState.DECIDED,
            decision=Decision(Verdict.CHOOSE, "why \x00 \ud800 ✓", (1, 3), confirmed=True),
            decided_by="local:owner",
            decided_name="Ada",
            decided_at=NOW,
            decided_event=EventId("local:1"),
            reason="NUL \x00, a lone surrogate \udfff and SUB \x1a",
            remind_at=NOW + timedelta(minutes=2),
            reminded=3,
        )
        async with store.transaction() as tx:
            await tx.prompts.add(decided)
        async with store.snapshot() as tx:
            assert await tx.prompts.get(decided.id) == decided
            assert await tx.prompts.get(PromptId("nothing")) is None

    async def test_one_winner_among_fifty(self, store: Store) -> None:
        opened = prompt_record("p1")
        async with store.transaction() as tx:
            await tx.prompts.add(opened)

        async def decide(number: int) -> bool:
            mine = replace(opened, state=PromptState.DECIDED, decided_by=str(number))
            async with store.transaction() as tx:
                return await tx.prompts.replace(mine)

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(decide(number)) for number in range(50)]
        winners = [number for number, task in enumerate(tasks) if task.result()]
        assert len(winners) == 1
        async with store.snapshot() as tx:
            stored = await tx.prompts.get(opened.id)
        assert stored is not None
        assert (stored.decided_by, stored.version) == (str(winners[0]), 1)

    async def test_changes_only_the_version_that_was_read(self, store: Store) -> None:
        opened = prompt_record("p1")
        async with store.transaction() as tx:
            await tx.prompts.add(opened)
            assert await tx.prompts.replace(replace(opened, reminded=1))
            assert not await tx.prompts.replace(replace(opened, reminded=2))
            assert await tx.prompts.replace(replace(opened, reminded=3, version=1))
            assert not await tx.prompts.replace(prompt_record("p2"))
            assert await tx.prompts.get(opened.id) == replace(opened, reminded=3, version=2)

    async def test_one_live_prompt_per_pane(self, store: Store) -> None:
        async with store.transaction() as tx:
            await tx.prompts.add(prompt_record("p1", epoch=1))
        with pytest.raises(WingmanError):
            async with store.transaction() as tx:
                await tx.prompts.add(prompt_record("p2", epoch=2))
        async with store.transaction() as tx:
            first = prompt_record("p1", epoch=1)
            assert await tx.prompts.replace(replace(first, state=PromptState.SUPERSEDED))
            await tx.prompts.add(prompt_record("p2", epoch=2))
            await tx.prompts.add(prompt_record("p3", pane=pane("%9")))

    async def test_a_pane_has_each_epoch_once(self, store: Store) -> None:
        gone = replace(prompt_record("p1", epoch=1), state=PromptState.GONE)
        async with store.transaction() as tx:
            await tx.prompts.add(gone)
        with pytest.raises(WingmanError):
            async with store.transaction() as tx:
                await tx.prompts.add(prompt_record("p2", epoch=1))

    async def test_a_code_is_of_one_live_prompt(self, store: Store) -> None:
        async with store.transaction() as tx:
            await tx.prompts.add(prompt_record("p1", code="k3f9"))
        with pytest.raises(WingmanError):
            async with store.transaction() as tx:
                await tx.prompts.add(prompt_record("p2", code="k3f9", pane=pane("%2")))

    async def test_a_code_means_its_newest_prompt(self, store: Store) -> None:
        old = replace(prompt_record("p1", code="k3f9", epoch=1), state=PromptState.CONFIRMED)
        new = prompt_record("p2", code="k3f9", epoch=2)
        async with store.transaction() as tx:
            await tx.prompts.add(old)
            await tx.prompts.add(new)
            assert await tx.prompts.by_code(Code("k3f9")) == new
            assert await tx.prompts.by_code(Code("none")) is None

    async def test_by_states_oldest_first(self, store: Store) -> None:
        records = [prompt_record(f"p{n}", pane=pane(f"%{n}")) for n in (3, 1, 2)]
        gone = replace(prompt_record("p4", pane=pane("%4")), state=PromptState.GONE)
        async with store.transaction() as tx:
            for record in [*records, gone]:
                await tx.prompts.add(record)
            assert await tx.prompts.in_states(LIVE) == tuple(records)
            assert await tx.prompts.in_states(frozenset()) == ()

    async def test_what_holds_a_pane(self, store: Store) -> None:
        here = prompt_record("p1", pane=pane("%1"))
        before = replace(prompt_record("p2", pane=pane("%1"), epoch=2), state=PromptState.GONE)
        async with store.transaction() as tx:
            for record in (before, here, prompt_record("p3", pane=pane("%2"))):
                await tx.prompts.add(record)
            assert await tx.prompts.live_at(pane("%1")) == (here,)
            assert await tx.prompts.live_at(pane("%3")) == ()

    async def test_codes_that_may_not_be_given_again(self, store: Store) -> None:
        day_ago = NOW - timedelta(days=1)
        old = day_ago - timedelta(seconds=1)
        records = [
            prompt_record("live", code="bbbb", pane=pane("%1"), opened_at=old),
            replace(
                prompt_record("old", code="cccc", pane=pane("%2"), opened_at=old),
                state=PromptState.GONE,
            ),
            replace(
                prompt_record("young", code="dddd", pane=pane("%3"), opened_at=day_ago),
                state=PromptState.GONE,
            ),
        ]
        async with store.transaction() as tx:
            for record in records:
                await tx.prompts.add(record)
            assert await tx.prompts.codes_since(day_ago) == {"bbbb", "dddd"}

    async def test_the_last_settled_one_of_a_session(self, store: Store) -> None:
        states = (PromptState.CONFIRMED, PromptState.REFUSED, PromptState.OPEN)
        records = [
            replace(prompt_record(f"p{n}", epoch=n), state=state) for n, state in enumerate(states)
        ]
        other = replace(prompt_record("p9", pane=pane("%9")), session=SessionName("web"))
        async with store.transaction() as tx:
            for record in (*records, replace(other, state=PromptState.GONE)):
                await tx.prompts.add(record)
            assert await tx.prompts.last_settled(SessionName("api")) == records[1]
            assert await tx.prompts.last_settled(SessionName("nothing")) is None

    async def test_those_over_for_long_are_pruned(self, store: Store) -> None:
        long_ago, limit = NOW - timedelta(days=31), NOW - timedelta(days=30)
        old = prompt_record("old", opened_at=long_ago, state=PromptState.CONFIRMED)
        old = replace(old, closed_at=long_ago)
        lately = replace(old, closed_at=NOW)
        records = {
            "old": old,
            "never closed": replace(old, closed_at=None, state=PromptState.APPLIED),
            "answered lately": lately,
            "open": replace(old, closed_at=None, state=PromptState.OPEN),
            "on the screen": old,
        }
        async with store.transaction() as tx:
            for number, (name, record) in enumerate(records.items()):
                given = replace(record, id=PromptId(name), code=Code(name), epoch=number)
                await tx.prompts.add(given)
            await tx.sessions.put(replace(session("api"), prompt=PromptId("on the screen")))
            await tx.sessions.put(replace(session("web"), prompt=None))
            assert await tx.prompts.prune(limit) == 2
            left = await tx.prompts.in_states(frozenset(PromptState))
        assert [record.id for record in left] == ["answered lately", "open", "on the screen"]


class MetaContract:
    async def test_keys_by_their_beginning(self, store: Store) -> None:
        async with store.transaction() as tx:
            for key in ("words:b", "words:a", "word", "wordsx"):
                await tx.meta.put(key, "1")
            assert await tx.meta.keys("words:") == ("words:a", "words:b")
            await tx.meta.remove("words:a")
            await tx.meta.remove("words:c")
            assert await tx.meta.keys("word") == ("word", "words:b", "wordsx")


class AuditContract:
    async def test_in_the_order_of_writing(self, store: Store) -> None:
        async with store.transaction() as tx:
            await tx.audit.append(NOW, "local:owner", "prompt.decided", "p1", {"b": 1, "a": "ü"})
            await tx.audit.append(NOW, "pane", "prompt.seen", "p2", {})
            first, second = await tx.audit.since(None)
        assert (first.seq, first.actor, first.event, first.subject, first.at) == (
            1,
            "local:owner",
            "prompt.decided",
            "p1",
            NOW,
        )
        assert first.data == '{"a":"\\u00fc","b":1}'
        assert second.previous == first.hash

    async def test_since_a_moment(self, store: Store) -> None:
        async with store.transaction() as tx:
            for minute in range(3):
                await tx.audit.append(NOW + timedelta(minutes=minute), "a", "b", str(minute), {})
            found = await tx.audit.since(NOW + timedelta(minutes=1))
        assert [record.subject for record in found] == ["1", "2"]
