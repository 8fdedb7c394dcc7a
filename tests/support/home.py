"""A person with Telegram, agents on a private tmux server, and the gateway between them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.support.botapi.person import Person
from tests.support.botapi.server import FakeBotApi
from tests.support.crew import Crew
from tests.support.desk import Desk
from tests.support.process import GatewayProcess
from tests.support.waiting import until


class Home:
    """Ann, her agents, the gateway between them, and the desk where its machine stands."""

    def __init__(self, directory: Path, telegram: FakeBotApi, **settings: str) -> None:
        self.telegram = telegram
        self.ann: Person = telegram.person(7001, "Ann")
        self.crew = Crew(directory, {})
        given = {
            "TELEGRAM__TOKEN": telegram.token,
            "TELEGRAM__API_BASE": telegram.base_url,
            "TELEGRAM__ALLOWED_USERS": "7001",
        }
        self.gateway = GatewayProcess(directory, self.crew.socket, **(given | settings))
        self.desk = Desk(self.gateway)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Home]:
        try:
            await self.gateway.up()
            yield self
        finally:
            await self.gateway.down()
            self.crew.end()

    async def rests(self, *sessions: str) -> None:
        """New agents with nothing to do, once the gateway knows of them."""
        for session in sessions:
            self.crew.hire(session, {"say": "Ready."})

        async def idle() -> bool:
            found = await self.gateway.get("/api/sessions") or {}
            states = {one["name"]: one["state"] for one in found}
            return all(states.get(session) == "idle" for session in sessions)

        await until(idle, within=20)

    def did(self) -> list[tuple[str, str]]:
        wanted = ("allowed", "denied")
        return [(e["event"], e["dialog"]) for e in self.crew.events() if e["event"] in wanted]

    def of(self, dialog: str) -> list[str]:
        """How a dialog ended; empty while it stands."""
        wanted = ("allowed", "denied", "always", "mode_changed", "answered")
        events = self.crew.events()
        return [e["event"] for e in events if e["dialog"] == dialog and e["event"] in wanted]

    def told(self) -> list[str]:
        """The texts that agents were given."""
        return [e["reason"] for e in self.crew.events() if e["event"] == "text"]
