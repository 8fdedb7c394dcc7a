import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime

from starlette.types import Message

from bot.web.streams import BEAT, HEARTBEAT, RETRY, EventStream, event


class SteppedClock:
    """Every sleep ends at once, so that a heartbeat is due at every turn of the loop."""

    def __init__(self, beats: int) -> None:
        self.beats = beats
        self.slept: list[float] = []

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC)

    def monotonic(self) -> float:
        return 0.0

    async def sleep(self, seconds: float) -> None:
        if len(self.slept) >= self.beats:
            await asyncio.Event().wait()
        self.slept.append(seconds)


class Wire:
    def __init__(self) -> None:
        self.sent: list[Message] = []
        self.left = asyncio.Event()

    async def receive(self) -> Message:
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        self.sent.append(message)

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.sent)


async def run(stream: EventStream, wire: Wire) -> None:
    await stream({"type": "http"}, wire.receive, wire.send)


async def endless(closed: list[str]) -> AsyncGenerator[bytes, None]:
    try:
        yield event("{}", "first", 7)
        await asyncio.Event().wait()
    finally:
        closed.append("closed")


def test_an_event() -> None:
    assert event("{}", "synced", 7) == b"event: synced\nid: 7\ndata: {}\n\n"
    assert event("1") == b"data: 1\n\n"


async def test_ends_with_its_source() -> None:
    async def two() -> AsyncGenerator[bytes, None]:
        yield b"1"
        yield b"2"

    wire = Wire()
    await run(EventStream([two()], SteppedClock(0), asyncio.Event()), wire)
    assert wire.body == RETRY + b"12"
    assert wire.sent[-1]["more_body"] is False


async def test_beats_while_nothing_happens_and_ends_with_us() -> None:
    clock, closing, closed = SteppedClock(2), asyncio.Event(), list[str]()
    wire = Wire()
    stream = EventStream([endless(closed)], clock, closing)
    async with asyncio.TaskGroup() as group:
        group.create_task(run(stream, wire))
        while wire.body.count(BEAT) < 2:
            await asyncio.wait([group.create_task(clock_turn())])
        closing.set()
    assert set(clock.slept) == {HEARTBEAT}
    assert closed == ["closed"]


async def clock_turn() -> None:
    """One turn of the loop."""


async def test_ends_when_the_client_leaves() -> None:
    closed: list[str] = []
    wire = Wire()
    wire.left.set()
    await run(EventStream([endless(closed)], SteppedClock(0), asyncio.Event()), wire)
    assert wire.sent[0]["status"] == 200
