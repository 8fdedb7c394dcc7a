"""A toy session whose agent has hooks: each question of it comes by its hook and by a dialog."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.core.approvals import LIVE
from bot.core.records import PressRecord, PromptRecord
from bot.ports.hooks import Passed
from tests.support.faketmux import FakePane
from tests.support.hooks import FakeCall
from tests.support.phone import Bubble
from tests.support.toy import YES_NO, Row
from tests.support.world import World

Json = dict[str, Any]


class Hooked(World):
    """``async with running(Hooked(path))``."""

    def __init__(self, path: Path, **more: Any) -> None:
        super().__init__(path, **more)

    async def shop(self) -> FakePane:
        pane = self.session("shop")
        await self.known("shop")
        return pane

    def calls(
        self,
        pane: FakePane,
        command: str = "make",
        *suggestions: Json,
        tool: str = "Bash",
        arguments: Json | None = None,
        passes: Passed = Passed.ON,
        **fields: object,
    ) -> FakeCall:
        given = {"command": command} if arguments is None else arguments
        call = self.hooks.asks(pane.key, tool, given, *suggestions, passes=passes, **fields)

        def closes_the_dialog(document: Json) -> None:
            if pane.agent.asks and passes is Passed.ON:
                pane.agent._settle("hook")
                self.tmux.wrote(pane)

        call.on_answer = closes_the_dialog
        return call

    async def both(
        self, pane: FakePane, command: str = "make", *suggestions: Json, **more: Any
    ) -> tuple[FakeCall, PromptRecord]:
        """The hook, and a moment later the dialog, as agents do; the row of both."""
        rows: tuple[Row, ...] = more.pop("rows", YES_NO)
        subject = more.pop("shows", command)
        call = self.calls(pane, command, *suggestions, **more)
        await self.passes(0.25)
        self.asks(pane, subject, rows=rows)
        record = await self.open_prompt()
        await self.stands(record)
        return call, record

    async def stands(self, record: PromptRecord) -> Bubble:
        """Its card on the phone."""

        def found() -> Bubble | None:
            return next((b for b in self.phone.cards() if b.notice.code == record.code), None)

        return await self.soon(found, f"a card of {record.code}")

    async def live(self) -> list[PromptRecord]:
        async with self.store.snapshot() as tx:
            return list(await tx.prompts.in_states(LIVE))

    async def open_prompt(self) -> PromptRecord:
        for _ in range(200):
            if found := await self.live():
                return found[0]
            await self.passes(0.05)
        raise AssertionError("no prompt was opened")

    async def now(self, record: PromptRecord) -> PromptRecord:
        return await self.record(record.code)

    async def presses_of(self, record: PromptRecord) -> list[PressRecord]:
        async with self.store.snapshot() as tx:
            return list(await tx.presses.of(record.id))
