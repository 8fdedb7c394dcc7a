"""The ledger. Whatever must not be lost is written in one transaction before anything is sent."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any, Protocol

from bot.core.approvals import PromptState
from bot.core.decisions import Inbound
from bot.core.ids import Code, EventId, PaneKey, PressId, PromptId, SessionName
from bot.core.records import (
    AuditRecord,
    Card,
    HeldRecord,
    InboxRecord,
    InboxState,
    OutboxRecord,
    OutboxState,
    PairingCode,
    Person,
    PressRecord,
    PressState,
    PromptRecord,
    Report,
    RulingRecord,
    TextRecord,
    TextState,
)
from bot.core.sessions import Session


class Sessions(Protocol):
    async def all(self) -> tuple[Session, ...]: ...

    async def get(self, name: SessionName) -> Session | None: ...

    async def put(self, session: Session) -> None:
        """Inserts or replaces by name."""
        ...

    async def remove(self, name: SessionName) -> None: ...


class Prompts(Protocol):
    async def add(self, record: PromptRecord) -> None: ...

    async def get(self, prompt: PromptId) -> PromptRecord | None: ...

    async def by_code(self, code: Code) -> PromptRecord | None:
        """The newest prompt of that code, whatever its state."""
        ...

    async def in_states(self, states: frozenset[PromptState]) -> tuple[PromptRecord, ...]:
        """Oldest first."""
        ...

    async def live_at(self, pane: PaneKey) -> tuple[PromptRecord, ...]:
        """Those that hold that pane."""
        ...

    async def codes_since(self, since: datetime) -> frozenset[Code]:
        """Codes of prompts that are live or were opened since then: not to be given again."""
        ...

    async def last_settled(self, session: SessionName) -> PromptRecord | None:
        """The newest of a session that does not hold its pane any more."""
        ...

    async def replace(self, record: PromptRecord) -> bool:
        """Compare and set: writes only if the stored row still has ``record.version``; the
        stored version then is one higher. False: somebody else was first, nothing written."""
        ...

    async def prune(self, before: datetime) -> int:
        """Forgets those over since before then that hold no pane and that no session names."""
        ...


class Presses(Protocol):
    async def add(self, record: PressRecord) -> None: ...

    async def advance(self, press: PressId, state: PressState, reason: str = "") -> None: ...

    async def of(self, owner: str) -> tuple[PressRecord, ...]:
        """By step."""
        ...

    async def in_states(self, states: frozenset[PressState]) -> tuple[PressRecord, ...]: ...

    async def prune(self, before: datetime) -> int:
        """Forgets those made before then whose prompt or text is forgotten."""
        ...


class Inbox(Protocol):
    async def add(self, inbound: Inbound, at: datetime) -> bool:
        """False when that event of that channel is there already."""
        ...

    async def in_state(self, state: InboxState) -> tuple[InboxRecord, ...]:
        """In order of arrival."""
        ...

    async def advance(
        self, channel: str, event: EventId, state: InboxState, outcome: str = ""
    ) -> None: ...

    async def get(self, channel: str, event: EventId) -> Inbound | None:
        """None also for what was pruned."""
        ...

    async def names(self, channel: str, address: str) -> tuple[str, ...]:
        """Of the people who wrote from there, each as they were last called."""
        ...

    async def prune(self, before: datetime) -> int:
        """Forgets what was handled and came in before then: such an event would be new."""
        ...


class Outbox(Protocol):
    async def add(self, *records: OutboxRecord) -> bool:
        """False when a key is there already: that row is left out. A queued LATEST row of the
        same topic and recipient is dropped in favour of the new one."""
        ...

    async def begin(self, record: OutboxRecord) -> OutboxRecord | None:
        """Adds it as being sent already; None when its key is there. What is given back has its
        id, and is as it was before that attempt."""
        ...

    async def due(
        self,
        now: datetime,
        limit: int = 50,
        *,
        channel: str | None = None,
        but_not: Collection[str] = (),
    ) -> tuple[OutboxRecord, ...]:
        """Queued rows whose time has come, most urgent first, then oldest.

        ``channel``: only its rows; ``but_not``: addresses whose rows are left out. So a queue
        that cannot move now hides no others."""
        ...

    async def next_due(
        self, *, channel: str | None = None, but_not: Collection[str] = ()
    ) -> datetime | None: ...

    async def depths(self) -> Mapping[str, tuple[int, datetime]]:
        """By channel, where something is queued: how many rows, and since when the oldest is."""
        ...

    async def replace(self, record: OutboxRecord) -> None:
        """Writes state, attempts, due_at, message and error of the row with this id."""
        ...

    async def get(self, row: int) -> OutboxRecord | None: ...

    async def by_message(self, channel: str, message: str) -> OutboxRecord | None:
        """The row that was sent as that message, or as several of which it is one."""
        ...

    async def about(self, topic: str) -> tuple[OutboxRecord, ...]:
        """All of that topic, whatever became of them, oldest first."""
        ...

    async def naming(self, session: str, since: datetime) -> tuple[OutboxRecord, ...]:
        """Whose notices are about that session, made since then, oldest first."""
        ...

    async def made_since(self, at: datetime) -> tuple[OutboxRecord, ...]:
        """Oldest first."""
        ...

    async def release(self, state: OutboxState, keys: Collection[str] | None = None) -> int:
        """After a restart: rows left in that state are queued again; how many."""
        ...

    async def prune(self, before: datetime) -> int:
        """Forgets rows made before then that will not be sent any more."""
        ...


class Held(Protocol):
    """What rules keep back; one row per key of the outbox."""

    async def add(self, held: HeldRecord) -> bool:
        """False when the key is there already. A LATEST row takes the place of an older one of
        the same topic, kind and recipient."""
        ...

    async def due(self, now: datetime) -> tuple[HeldRecord, ...]:
        """Oldest first."""
        ...

    async def next_due(self) -> datetime | None: ...

    async def of(self, topic: str) -> tuple[HeldRecord, ...]: ...

    async def all(self) -> tuple[HeldRecord, ...]:
        """Oldest first."""
        ...

    async def postpone(self, held: HeldRecord) -> None:
        """Writes until, rule, reason and fold of the row of that key."""
        ...

    async def review(self, now: datetime) -> int:
        """Makes all of them due; how many."""
        ...

    async def remove(self, key: str) -> None: ...


class Rulings(Protocol):
    async def add(self, ruling: RulingRecord) -> None: ...

    async def about(self, code: str) -> tuple[RulingRecord, ...]:
        """Oldest first."""
        ...

    async def since(self, at: datetime) -> tuple[RulingRecord, ...]:
        """Oldest first."""
        ...

    async def prune(self, before: datetime) -> int: ...


class Cards(Protocol):
    async def put(self, card: Card) -> None: ...

    async def of(self, topic: str) -> tuple[Card, ...]: ...

    async def by_message(self, channel: str, address: str, message: str) -> Card | None: ...

    async def remove(self, channel: str, address: str, message: str) -> None:
        """It never reached the phone."""
        ...

    async def prune(self, before: datetime) -> int:
        """Forgets those sent before then; the card of a prompt stays as long as its prompt."""
        ...


class Reports(Protocol):
    async def get(self, channel: str, message: str) -> Report | None: ...

    async def put(self, report: Report) -> None:
        """Inserts, or replaces what was told of that message."""
        ...

    async def prune(self, before: datetime) -> int:
        """Forgets those told before then."""
        ...


class Texts(Protocol):
    async def add(self, record: TextRecord) -> bool:
        """False when a text of that id is there already."""
        ...

    async def get(self, text: EventId) -> TextRecord | None: ...

    async def in_states(self, states: frozenset[TextState]) -> tuple[TextRecord, ...]:
        """Oldest first."""
        ...

    async def advance(self, text: EventId, state: TextState, reason: str = "") -> None: ...

    async def prune(self, before: datetime) -> int:
        """Forgets those given before then that are not on their way any more."""
        ...


class People(Protocol):
    """Those who were paired."""

    async def all(self) -> tuple[Person, ...]:
        """In the order in which they came."""
        ...

    async def put(self, person: Person) -> None:
        """Inserts, or replaces what is known of that user of that channel."""
        ...

    async def remove(self, channel: str, user: str) -> bool:
        """False when there is no such person."""
        ...


class PairingCodes(Protocol):
    async def add(self, code: PairingCode) -> None: ...

    async def get(self, hash_: str) -> PairingCode | None:
        """Whether or not it is still good."""
        ...

    async def open(self, now: datetime) -> tuple[PairingCode, ...]:
        """Neither used nor expired, oldest first."""
        ...

    async def use(self, hash_: str, now: datetime) -> bool:
        """True once, while it is open."""
        ...

    async def remove(self, hash_: str) -> None: ...

    async def prune(self, before: datetime) -> int:
        """Forgets those that ended before then."""
        ...


class Audit(Protocol):
    async def append(
        self, at: datetime, actor: str, event: str, subject: str, data: dict[str, Any]
    ) -> None: ...

    async def since(self, at: datetime | None) -> tuple[AuditRecord, ...]: ...


class Meta(Protocol):
    async def get(self, key: str) -> str | None: ...

    async def put(self, key: str, value: str) -> None: ...

    async def keys(self, prefix: str) -> tuple[str, ...]:
        """Those that begin with it."""
        ...

    async def remove(self, key: str) -> None: ...


class Transaction(Protocol):
    """Everything done through it is kept together or not at all."""

    @property
    def sessions(self) -> Sessions: ...
    @property
    def prompts(self) -> Prompts: ...
    @property
    def presses(self) -> Presses: ...
    @property
    def inbox(self) -> Inbox: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def held(self) -> Held: ...
    @property
    def rulings(self) -> Rulings: ...
    @property
    def cards(self) -> Cards: ...
    @property
    def reports(self) -> Reports: ...
    @property
    def texts(self) -> Texts: ...
    @property
    def people(self) -> People: ...
    @property
    def pairing_codes(self) -> PairingCodes: ...
    @property
    def audit(self) -> Audit: ...
    @property
    def meta(self) -> Meta: ...

    def after(self, done: Callable[[bool], None]) -> None:
        """Calls that once all is over: whether it was kept. An interruption while it was being
        written counts as not kept, though it may have been."""
        ...


class Store(Protocol):
    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """Commits on leaving, rolls back on an exception. One writer at a time.

        Raises StoreUnusable when the database is locked for too long, full or damaged."""
        ...

    def snapshot(self) -> AbstractAsyncContextManager[Transaction]:
        """For reading only; does not wait for a writer."""
        ...
