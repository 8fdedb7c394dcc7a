"""The web layer on a real port, over the fakes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from bot.channels.local import LocalPhone
from bot.core.decisions import Inbound
from bot.ports.webhook import Webhook
from bot.web.application import build
from bot.web.deps import Deps
from bot.web.guard import Access
from bot.web.login import Links, Logins, address
from bot.web.serving import LocalSocket, listen, listen_local, serve
from tests.support.chatlog import FakeChatLog
from tests.support.surface import FakeSurface

TOKEN = "t0ken-of-the-gateway-under-test"


class LoopClock:
    """Real time, which a test may shift."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead  # noqa: TID251 - this is a clock

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        over = loop.create_future()
        timer = loop.call_later(seconds, over.set_result, None)
        try:
            await over
        finally:
            timer.cancel()


@dataclass
class Inbox:
    """What the gateway has accepted; an event counts once."""

    accepted: list[Inbound] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    async def accept(self, inbound: Inbound) -> bool:
        if any(inbound.event == known.event for known in self.accepted):
            return False
        self.accepted.append(inbound)
        self.arrived.set()
        return True

    async def alarm(self, key: str, text: str) -> None:
        raise AssertionError(f"alarm {key}: {text}")


@dataclass
class Gateway:
    surface: FakeSurface = field(default_factory=FakeSurface)
    inbox: Inbox = field(default_factory=Inbox)
    clock: LoopClock = field(default_factory=LoopClock)
    port: int = 0
    socket: Path | None = None
    public_url: str = ""
    webhooks: tuple[Webhook, ...] = ()
    figures: str = ""

    def __post_init__(self) -> None:
        self.log = FakeChatLog(self.clock)
        self.phone = LocalPhone(self.log)
        self.links = Links(self.clock)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def origin(self) -> dict[str, str]:
        return {"Origin": self.url}

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {TOKEN}"}

    @property
    def cookie(self) -> dict[str, str]:
        logins = Logins(TOKEN, self.clock)
        return {logins.cookie: logins.issue()}

    def login_url(self) -> str:
        return address(self.url, self.links.make())

    def client(self) -> httpx.AsyncClient:
        """Has no login: a test says which one it uses."""
        return httpx.AsyncClient(base_url=self.url, timeout=10)

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Gateway"]:
        """May be entered again: the port stays the same."""
        sock = listen("127.0.0.1", self.port)
        self.port = sock.getsockname()[1]
        access = Access.to(TOKEN, "127.0.0.1", self.port, self.public_url)
        deps = Deps(
            self.phone,
            self.log,
            self.surface,
            self.clock,
            access,
            self.links,
            self.webhooks,
            lambda: self.figures,
        )
        app = build(deps)
        async with asyncio.TaskGroup() as group:
            jobs = [
                group.create_task(self.phone.run(self.inbox.accept, self.inbox.alarm)),
                group.create_task(serve(app, sock, deps.closing)),
            ]
            if self.socket:
                local = listen_local(self.socket)
                jobs.append(group.create_task(serve(LocalSocket(app), local, deps.closing)))
            await self.clock.sleep(0)  # lets them begin
            try:
                yield self
            finally:
                for job in jobs:
                    job.cancel()
