"""A strict Twilio on loopback: messages, contents and media of one account, and WhatsApp behind.

    async with FakeTwilio().running() as twilio:   # the gateway gets twilio.base_url for all hosts
        twilio.webhook_url = "https://wingman.example.org/twilio/webhook"     # or polls
        twilio.reachable_at.append("http://127.0.0.1:8765")
        ann = twilio.person("+491701234567", "Ann")
        await ann.says("sessions")
        card = await ann.shows("Bash")
        await ann.taps(card, "Approve k7d")

Requests that no state of the world makes right (an unknown field, a text that is too long) are
refused, and kept in ``misuse``. Not played: sending media, messaging services, schedules, regions.
"""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email.utils import format_datetime
from urllib.parse import urlsplit

from bot.adapters.clock import SystemClock
from bot.ports.clock import Clock
from tests.support.provider.doors import Doors
from tests.support.provider.wire import Reply, Request
from tests.support.twilioapi import methods
from tests.support.twilioapi.contents import Content
from tests.support.twilioapi.delivery import Courier
from tests.support.twilioapi.errors import Refusal, misuse, not_found
from tests.support.twilioapi.faults import Faults
from tests.support.twilioapi.messages import Message
from tests.support.twilioapi.person import Line, Person
from tests.support.twilioapi.schema import endpoint, parameters
from tests.support.twilioapi.webhook import Poster
from tests.support.twilioapi.world import SANDBOX, Contact, World

ACCOUNT = "AC" + "5e" * 16
TOKEN = "fake-auth-token-of-the-account-0"
SENDER = "whatsapp:+14155550100"


@dataclass
class Call:
    name: str
    request: Request
    form: dict[str, str]
    """A JSON body is in the request only."""
    at: float
    """Monotonic seconds."""
    reply: Reply | None = None

    @property
    def status(self) -> int:
        """0 while there is no answer."""
        return self.reply.status if self.reply else 0


@dataclass
class FakeTwilio:
    account: str = ACCOUNT
    token: str = TOKEN
    sender: str = SENDER
    clock: Clock = field(default_factory=SystemClock)
    faults: Faults = field(default_factory=Faults)
    calls: list[Call] = field(default_factory=list)
    misuse: list[str] = field(default_factory=list)
    reachable_at: list[str] = field(default_factory=list)
    """Where the public address leads, such as ``http://127.0.0.1:8000``; the last counts."""
    port: int = 0
    files_port: int = 0

    def __post_init__(self) -> None:
        self.world = World(self.clock, self.account, self.token, self.sender)
        self.poster = Poster(self.token, self.reachable_at)
        self.courier = Courier(self.world, self.poster)
        self.line = Line()
        self.doors = Doors()

    @classmethod
    def sandbox(cls) -> FakeTwilio:
        """Who has not joined gets nothing, and three days later again nothing."""
        return cls(sender=SANDBOX)

    @property
    def base_url(self) -> str:
        """Stands for api.twilio.com, content.twilio.com and messaging.twilio.com."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def webhook_url(self) -> str:
        return self.line.webhook_url

    @webhook_url.setter
    def webhook_url(self, url: str) -> None:
        """As it stands in Twilio's console; empty: nothing is posted."""
        self.line.webhook_url = url

    # --- people and what was defined before

    def person(
        self, number: str, name: str, *, external: str = "", has_written: bool = True
    ) -> Person:
        """``has_written``: just now, to another program; so the window is open."""
        contact = self.world.people[number] = Contact(number, name, external)
        if has_written:
            contact.wrote = self.world.now
        if has_written and self.world.is_sandbox:
            contact.joined = self.world.now
        return Person(self.world, self.courier, self.poster, self.line, contact)

    def template(self, body: str, name: str = "wingman_attention") -> Content:
        """One that WhatsApp has approved: it arrives at any time."""
        asked = {"friendly_name": name, "language": "en", "types": {"twilio/text": {"body": body}}}
        content = methods.define(self.world, asked)
        content.approval = "approved"
        return content

    @property
    def sent(self) -> list[Message]:
        """All that was taken from the gateway."""
        return [message for message in self.world.messages if not message.is_inbound]

    def calls_of(self, name: str) -> list[Call]:
        return [call for call in self.calls if call.name == name]

    # --- switches and faults; those of single requests are in ``faults``

    def duplicate_posts(self, on: bool = True) -> None:
        """Everything is posted twice."""
        self.poster.duplicating = on

    def reorder_reports(self, on: bool = True) -> None:
        self.courier.reordering = on

    def list_late(self, seconds: float) -> None:
        """A new message is in the list only then, with the time at which it was sent."""
        self.world.list_delay = timedelta(seconds=seconds)

    def later(self, span: timedelta) -> None:
        """Time passes at Twilio, and nowhere else."""
        self.world.ahead += span

    def close_account(self) -> None:
        self.world.closed = True

    def half_open(self) -> None:
        """Nothing passes on the connections there are; new ones work."""
        self.doors.half_open()

    # --- the server

    @asynccontextmanager
    async def running(self) -> AsyncIterator[FakeTwilio]:
        """May be entered again: the ports and everything known stay."""
        rooms = ((self._answer, self.port), (self._hand_out, self.files_port))
        async with self.doors.open(*rooms) as (self.port, self.files_port):
            yield self

    async def _answer(self, request: Request) -> Reply:
        reply = await self._answer_undated(request)
        date = format_datetime(self.world.now, usegmt=True)
        return replace(reply, headers={"date": date, **reply.headers})

    async def _answer_undated(self, request: Request) -> Reply:
        name = urlsplit(request.target).path
        try:
            self._check(request)
            found, sids = endpoint(request)
            name = found.name
            form = parameters(found, request)
            return await self._call(Call(name, request, form, self.clock.monotonic()), sids)
        except Refusal as refusal:
            if refusal.misuse:
                self.misuse.append(f"{name}: {refusal.words} ({refusal.code})")
            return refusal.reply()

    def _check(self, request: Request) -> None:
        right = base64.b64encode(f"{self.account}:{self.token}".encode()).decode()
        if self.world.closed or request.headers.get("authorization") != f"Basic {right}":
            raise Refusal(401, 20003)

    async def _call(self, call: Call, sids: tuple[str, ...]) -> Reply:
        self.calls.append(call)
        met = await self.faults.before(call.name)
        try:
            if isinstance(met, Refusal):
                raise met
            reply = met if isinstance(met, Reply) else self._done(call, sids)
        except Refusal as refusal:
            call.reply = refusal.reply()
            raise
        call.reply = reply
        self.faults.after(met)
        return reply

    def _done(self, call: Call, sids: tuple[str, ...]) -> Reply:
        if sids and sids[0].startswith("AC") and sids[0] != self.account:
            raise not_found(urlsplit(call.request.target).path)
        match call.name:
            case "messages.create":
                return self._create(call)
            case "media.fetch":
                media = methods.media(self.world.message(sids[1]), sids[2])
                elsewhere = f"http://127.0.0.1:{self.files_port}/{media.sid}"
                return Reply(307, b"", headers={"location": elsewhere})
            case "contents.create":
                return _json(methods.define(self.world, _read(call.request)).as_json(), 201)
            case "contents.delete":
                del self.world.contents[self.world.content(sids[0]).sid]
                return Reply(204, b"")
            case _:
                answer = methods.ANSWERS[call.name](self.world, call.form, sids)
                return _json(answer, 201 if call.name == "approvals.create" else 200)

    def _create(self, call: Call) -> Reply:
        message, filled = methods.create_message(self.world, call.form)
        if filled and filled.faults:
            self.misuse.append(f"{call.name}: {', '.join(filled.faults)} (63013)")
        self.doors.start(self.courier.carry(message, filled))
        return _json(message.as_json(), 201)

    async def _hand_out(self, request: Request) -> Reply:
        """Files lie on another server, which has no business with the account's token."""
        if "authorization" in request.headers:
            self.misuse.append("media: the token was sent to another server")
        sid = request.target.removeprefix("/")
        for message in self.world.messages:
            for media in message.media:
                if media.sid == sid:
                    return Reply(200, media.data, media.mime)
        return Reply(404, b"")


def _json(value: object, status: int = 200) -> Reply:
    return Reply(status, json.dumps(value).encode())


def _read(request: Request) -> object:
    try:
        return json.loads(request.body)
    except ValueError:
        raise misuse(20001, "a body that is no JSON") from None
