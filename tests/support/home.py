"""A person with Telegram, agents on a private tmux server, and the gateway between them."""

from __future__ import annotations

from pathlib import Path

from tests.support.botapi.person import Person
from tests.support.botapi.server import FakeBotApi
from tests.support.crew import Crew
from tests.support.process import GatewayProcess


class Home:
    """Ann, her agents, and the gateway between them."""

    def __init__(self, directory: Path, telegram: FakeBotApi) -> None:
        self.telegram = telegram
        self.ann: Person = telegram.person(7001, "Ann")
        self.crew = Crew(directory, {})
        self.gateway = GatewayProcess(
            directory,
            self.crew.socket,
            TELEGRAM__TOKEN=telegram.token,
            TELEGRAM__API_BASE=telegram.base_url,
            TELEGRAM__ALLOWED_USERS="7001",
        )

    def did(self) -> list[tuple[str, str]]:
        wanted = ("allowed", "denied")
        return [(e["event"], e["dialog"]) for e in self.crew.events() if e["event"] in wanted]
