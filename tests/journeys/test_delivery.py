"""A text on a real tmux while a dialog comes up at the worst moments: nothing is approved, and the
text goes in once, after it."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.clock import SystemClock
from bot.core.agent import Keys
from bot.core.ids import PaneKey
from bot.core.lifecycle import Phase
from bot.core.press import Press, PressResult
from bot.core.records import TextRecord, TextState
from bot.ports.keyboard import Keyboard
from bot.ports.store import Store
from bot.services.delivering import Delivering, NotNow
from bot.services.drafts import Drafts
from bot.services.looking import Eyes
from bot.services.roster import Roster
from bot.services.uptake import Uptake
from tests.support.attention import Machine
from tests.support.crew import Crew
from tests.support.hooks import FakeAccounts
from tests.support.ledger_rows import text_record
from tests.support.process import GatewayProcess
from tests.support.stores import temporary_store
from tests.support.surface import make_session
from tests.support.tmux import NO_TMUX, RealTmux
from tests.support.tmux import running as adapter_of
from tests.support.toy import STASHED, TOY, read_toy
from tests.support.waiting import spend, until

pytestmark = [
    pytest.mark.tmux,
    pytest.mark.timeout(120),
    pytest.mark.skipif(bool(NO_TMUX), reason=NO_TMUX),
]

LONG = bool(os.environ.get("WINGMAN_TEST_LONG"))
AGENTS = {"toy": replace(TOY, keys=Keys(stash=b"\x13"), stashed_line=f"^{STASHED}$")}


@dataclass
class Toy:
    """The toy agent in a pane, and a keyboard that lets something happen at one of its keys."""

    tmux: RealTmux
    folder: Path
    draft: str
    pane: PaneKey = field(init=False)
    before: tuple[str, Callable[[], Awaitable[None]]] | None = None
    after: tuple[str, Callable[[], Awaitable[None]]] | None = None
    real: Keyboard | None = None

    def start(self) -> None:
        program = (sys.executable, "-m", "tests.support.toyprogram", str(self.folder), self.draft)
        self.pane = self.tmux.session("shop", *program)

    async def asks(self) -> None:
        (self.folder / "ask").touch()
        await self.tmux.shows(self.pane, "ask: rm -rf /")

    async def press(self, press: Press) -> PressResult:
        assert self.real is not None
        await self._at(self.before, press)
        result = await self.real.press(press)
        await self._at(self.after, press)
        return result

    async def _at(
        self, what: tuple[str, Callable[[], Awaitable[None]]] | None, press: Press
    ) -> None:
        if what is not None and press.guard.press.endswith(what[0]):
            self.before = self.after = None
            await what[1]()

    async def marker(self, pane: PaneKey) -> str | None:
        assert self.real is not None
        return await self.real.marker(pane)

    def log(self) -> list[dict[str, Any]]:
        log = self.folder / "keys.jsonl"
        rows = log.read_text().splitlines() if log.exists() else []
        return [json.loads(row) for row in rows]

    def pressed(self) -> list[str]:
        return [row["key"] for row in self.log()]

    async def escapes(self) -> None:
        """Somebody says no at the terminal."""
        self.tmux.do("send-keys", "-t", self.pane.pane, "Escape")
        await until(lambda: any(row["key"] == "\x1b" for row in self.log()))


@dataclass
class Desk:
    toy: Toy
    store: Store
    delivering: Delivering

    async def tell(self, text: str) -> TextRecord:
        now = SystemClock().now()
        late = now + timedelta(minutes=30)
        record = replace(
            text_record("e1"), session=SESSION, text=text, queued_at=now, expires_at=late
        )
        async with self.store.transaction() as tx:
            await tx.texts.add(record)
        return record

    async def state(self) -> TextState:
        async with self.store.snapshot() as tx:
            return (await tx.texts.in_states(frozenset(TextState)))[0].state

    async def delivered(self, record: TextRecord) -> TextRecord:
        """As the gateway does: again whenever something has changed."""

        async def tried() -> TextRecord | None:
            try:
                return await self.delivering.deliver(record)
            except NotNow:
                return None

        ended = await until(tried, within=30)
        assert isinstance(ended, TextRecord)
        return ended


SESSION = make_session("shop").name


@asynccontextmanager
async def at_desk(tmp_path: Path, draft: str = "") -> AsyncIterator[Desk]:
    tmux = RealTmux(tmp_path)
    toy = Toy(tmux, tmp_path, draft)
    toy.start()
    try:
        async with adapter_of(tmux) as adapter, temporary_store(tmp_path) as store:
            toy.real, clock = adapter.keyboard, SystemClock()
            eyes = Eyes(adapter.terminal, read_toy, clock, AGENTS)
            roster = Roster(store)
            session = make_session("shop", pane=toy.pane, agent="toy", phase=Phase.IDLE)
            async with store.transaction() as tx:
                await roster.put(tx, session)
            roster.publish(session)
            uptake = Uptake(eyes, FakeAccounts(), clock, AGENTS)
            drafts = Drafts(toy, eyes, clock, AGENTS)
            parts = (store, toy, eyes, roster, uptake, drafts, Machine(), clock, AGENTS)
            await tmux.shows(toy.pane, ">")
            yield Desk(toy, store, Delivering(*parts))
    finally:
        tmux.kill()


TEXT = "run the tests, all of them"


EVERY = [
    (draft, step, when)
    for draft in ("", "half typed")
    for step in ("-draft-stash", "-text", "-enter")
    for when in ("before", "after")
    if draft or step != "-draft-stash"
]
SOME = [("", "-text", "before"), ("", "-enter", "before"), ("half typed", "-text", "after")]


@pytest.mark.parametrize(("draft", "step", "when"), EVERY if LONG else SOME)
async def test_a_dialog_at_any_step_is_never_answered_by_a_text(
    tmp_path: Path, draft: str, step: str, when: str
) -> None:
    async with at_desk(tmp_path, draft) as desk:
        toy = desk.toy
        setattr(toy, when, (step, toy.asks))
        record = await desk.tell(TEXT)
        if (step, when) == ("-enter", "after"):  # it had gone in before the dialog came
            ended = await desk.delivered(record)
            assert ended.state in (TextState.DELIVERED, TextState.UNCONFIRMED)
            await toy.escapes()
        else:
            await until(lambda: _refuses(desk, record), within=20)
            assert "\r" not in toy.pressed()
            assert not any(row["done"] for row in toy.log())
            await toy.escapes()
            ended = await desk.delivered(record)
            assert ended.state is TextState.DELIVERED, ended.reason
        last = toy.log()[-1]
        assert [done[0] for done in last["done"]] == ["escape"]
        assert last["said"] == [f"user: {TEXT}"]
        assert [key for key in toy.pressed() if key not in ("\x13", "\x1b")] == [TEXT, "\r"]
        assert not any(row["dialog"] for row in toy.log() if row["key"] != "\x1b")
        assert toy.draft in (last["draft"], "")


async def _refuses(desk: Desk, record: TextRecord) -> bool:
    """Whether it waits because of the dialog."""
    try:
        await desk.delivering.deliver(record)
    except NotNow as why:
        return "dialog" in str(why)
    return False


KILLS = (0.0, 0.02, 0.04, 0.06, 0.09, 0.12, 0.16, 0.2, 0.3, 0.5) if LONG else (0.05, 0.2)
"""Seconds after the message, or after the text is first seen in the box, until the kill."""


@pytest.mark.kill
@pytest.mark.parametrize("seen", [True, False])
async def test_a_text_goes_in_once_though_the_gateway_is_killed(
    tmp_path: Path, seen: bool
) -> None:
    crew = Crew(tmp_path, {"shop": []})
    gateway = GatewayProcess(tmp_path, crew.socket)
    try:
        await gateway.up()
        await until(partial(_is_idle, gateway), within=20)
        for number, wait in enumerate(KILLS):
            text = f"text number {number}"
            assert await gateway.says(f"tell shop {text}", f"event-of-text-{number}")
            if seen:
                with contextlib.suppress(AssertionError):
                    await until(partial(_in_box, crew, text), within=0.5, every=0.002)
            await spend(wait)
            gateway.kill()
            await gateway.up()
            state = await until(lambda: _end_of(gateway), within=30)
            assert _taken(crew, text) == 1, state
            assert state in ("delivered", "unconfirmed")
    finally:
        await gateway.down()
        crew.end()


async def _is_idle(gateway: GatewayProcess) -> bool:
    sessions = await gateway.get("/api/sessions") or []
    return [session["phase"] for session in sessions] == ["idle"]


def _in_box(crew: Crew, text: str) -> bool:
    return f"\u276f\u00a0{text}" in crew.tmux("capture-pane", "-p", "-t", "shop:")


def _taken(crew: Crew, text: str) -> int:
    return [e["reason"] for e in crew.events() if e["event"] == "text"].count(text)


def _end_of(gateway: GatewayProcess) -> str:
    """How the newest text came out, once it did."""
    with sqlite3.connect(gateway.state / "wingman.db") as ledger:
        rows = ledger.execute("SELECT state FROM texts ORDER BY seq DESC LIMIT 1").fetchall()
    is_moving = not rows or rows[0][0] in ("queued", "attempting", "typed")
    return "" if is_moving else str(rows[0][0])
