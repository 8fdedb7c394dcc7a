"""How somebody whom no setting names becomes a person who may act: by a code made at the machine.

Whoever sends it first is in; everything else a stranger sends has no effect and gets no answer."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.core.decisions import Inbound
from bot.core.errors import NotFound
from bot.core.notices import Button, Notice, NoticeKind, Part, Urgency
from bot.core.pairing import Invitation, code_in, hash_of
from bot.core.records import OutboxState, PairingCode, Person
from bot.core.titles import BY_ID, Titles
from bot.ports.clock import Clock
from bot.ports.store import Store, Transaction
from bot.services.gate import Gate
from bot.services.notifier import GIVE_UP, Notifier
from bot.services.people import People
from bot.services.strangers import Strangers

log = structlog.get_logger()

CODE_LIFE = timedelta(hours=1)
PENDING = 3
"""Open codes of one channel; a further one takes the oldest one's place."""
CODE_BYTES = 12
"""16 characters, which a deep link takes (Bot API: up to 64 of A-Z, a-z, 0-9, _ and -)."""
TRIES = 5
IGNORED_FOR = timedelta(hours=1)
WATCHED = 1000
"""Users whose wrong codes are counted; the oldest are forgotten first."""
KEPT = timedelta(days=1)
"""A code that is over is still known that long: a link opened twice is greeted twice."""
NAME = 64
MANY = 1000

_WELCOME = (
    "From now on your agents' questions come to this chat, and what you say here is done on that "
    "machine."
)


@dataclass(frozen=True, slots=True)
class _Tries:
    count: int
    until: datetime


class Pairing:
    def __init__(
        self,
        store: Store,
        people: People,
        gate: Gate,
        notifier: Notifier,
        clock: Clock,
        titles: Titles = BY_ID,
        new_code: Callable[[], str] = lambda: secrets.token_urlsafe(CODE_BYTES),
    ) -> None:
        self._store = store
        self._people = people
        self._gate = gate
        self._notifier = notifier
        self._clock = clock
        self._titles = titles
        self._new_code = new_code
        self._strangers = Strangers(store, clock)
        self._tries: dict[tuple[str, str], _Tries] = {}

    async def invite(self, channel: str, by: str) -> Invitation:
        """A new code, good for one person and one hour. ``by`` is who asked for it."""
        now = self._clock.now()
        until = (now + CODE_LIFE).replace(microsecond=0)
        invitation = Invitation(self._new_code(), channel, until)
        made = PairingCode(hash_of(invitation.code), channel, now, until)
        async with self._store.transaction() as tx:
            await tx.pairing_codes.prune(now - KEPT)
            others = [one for one in await tx.pairing_codes.open(now) if one.channel == channel]
            for oldest in others[: len(others) - PENDING + 1]:
                await tx.pairing_codes.remove(oldest.hash)
            await tx.pairing_codes.add(made)
            facts = {"until": until.isoformat()}
            await tx.audit.append(now, by, "pairing.offered", channel, facts)
        return invitation

    async def turns_away(self, inbound: Inbound) -> bool:
        """Whether it is a stranger's and no key to the door. Nothing of it is kept then but a
        line in the log and the audit, and no more than a few of these in an hour."""
        if self._gate.admit(inbound) is not None:
            return False
        code = code_in(inbound.text)
        if code is None or inbound.tapped or inbound.looks_only:
            await self._strangers.turned_away(inbound, "not on the list")
        elif self._is_ignored(inbound):
            await self._strangers.turned_away(inbound, "too many wrong codes")
        elif not await self._is_open(code, inbound.channel):
            self._count_wrong(inbound)
            await self._strangers.turned_away(inbound, "a wrong code")
        else:
            return False
        return True

    async def greet(self, inbound: Inbound) -> Notice | None:
        """The welcome for whoever sends ``/start CODE``, who is a person from then on. None when
        it is anything else, and then nothing was done.

        Somebody who may act already is welcomed for any code that was ever good, so that an
        event that is handled again after a crash has the same answer."""
        code = code_in(inbound.text)
        if code is None or inbound.tapped or inbound.looks_only:
            return None
        is_known = self._gate.admit(inbound) is not None
        person: Person | None = None
        async with self._store.transaction() as tx:
            found = await tx.pairing_codes.get(hash_of(code))
            if found is None or found.channel != inbound.channel:
                return None
            is_open = await tx.pairing_codes.use(found.hash, self._clock.now())
            if not is_known and not is_open:
                return None
            if not is_known:
                person = await self._pair(tx, inbound, found)
        if person is not None:
            self._people.came(person)
            log.warning("people.paired", person=person.id)
        return _welcome()

    async def _pair(self, tx: Transaction, inbound: Inbound, code: PairingCode) -> Person:
        now = self._clock.now()
        name = _shown(inbound.name) or inbound.user
        person = Person(inbound.channel, inbound.user, name, inbound.address, now)
        await tx.people.put(person)
        facts = {"event": inbound.event, "address": person.address}
        await tx.audit.append(now, person.id, "people.paired", person.id, facts)
        news = Notice(
            NoticeKind.STATE,
            f"👤 {name} was paired on {self._titles.of(inbound.channel)} and may now act",
            (Part(f"To undo it, at the machine: wingman people remove {person.id}"),),
        )
        but_not = (person.channel, person.address)
        key = f"paired:{code.hash[:16]}"
        await self._notifier.tell_others(tx, key, news, Urgency.HELP, but_not)
        return person

    async def remove(self, channel: str, user: str, by: str) -> Person:
        """From now on a stranger, who gets nothing of what still waits to be sent. Raises
        NotFound."""
        now = self._clock.now()
        person = self._people.get(channel, user)
        async with self._store.transaction() as tx:
            if person is None or not await tx.people.remove(channel, user):
                raise NotFound(f"nobody was paired as {channel}:{user}: wingman people lists all")
            await tx.audit.append(now, by, "people.removed", person.id, {})
            if not self._is_still_told(person):
                await self._drop(tx, person)
        self._people.left(channel, user)
        log.warning("people.removed", person=person.id)
        return person

    def _is_still_told(self, person: Person) -> bool:
        """Somebody else, or a setting, wants the same address told."""
        others = [a for u, a in self._people.on(person.channel).items() if u != person.user]
        return person.address in others or self._notifier.lists(person.channel, person.address)

    async def _drop(self, tx: Transaction, person: Person) -> None:
        later = self._clock.now() + GIVE_UP
        for row in await tx.outbox.due(later, MANY, channel=person.channel):
            if row.address == person.address:
                why = "that person was removed"
                await tx.outbox.replace(replace(row, state=OutboxState.DROPPED, error=why))

    async def _is_open(self, code: str, channel: str) -> bool:
        hashed = hash_of(code)
        async with self._store.snapshot() as tx:
            known = await tx.pairing_codes.open(self._clock.now())
        return any(one.hash == hashed and one.channel == channel for one in known)

    def _is_ignored(self, inbound: Inbound) -> bool:
        tries = self._tries.get((inbound.channel, inbound.user))
        return tries is not None and tries.count >= TRIES and self._clock.now() < tries.until

    def _count_wrong(self, inbound: Inbound) -> None:
        now = self._clock.now()
        before = self._tries.pop((inbound.channel, inbound.user), None)
        count = before.count if before is not None and now < before.until else 0
        self._tries[inbound.channel, inbound.user] = _Tries(count + 1, now + IGNORED_FOR)
        while len(self._tries) > WATCHED:
            self._tries.pop(next(iter(self._tries)))


async def expected_on(store: Store, now: datetime) -> frozenset[str]:
    """The channels on which somebody was paired, or may be as long as a code is open."""
    async with store.snapshot() as tx:
        people, codes = await tx.people.all(), await tx.pairing_codes.open(now)
    return frozenset((*(p.channel for p in people), *(code.channel for code in codes)))


def _shown(name: str) -> str:
    """A stranger's own words: one short line."""
    line = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    return line[:NAME]


def _welcome() -> Notice:
    return Notice(
        NoticeKind.REPLY,
        "✓ Paired with Wingman",
        (Part(_WELCOME),),
        (Button("sessions", "sessions"), Button("pending", "pending"), Button("help", "help")),
        footer="Say: sessions, pending or help",
    )
