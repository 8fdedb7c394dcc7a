"""Who may act beside those on the channels' own lists: people who were paired."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.core.records import Person
from bot.ports.store import Store

Paired = Callable[[str], Mapping[str, str]]
"""Of a channel: user ids and the addresses of those who were paired there."""


def nobody(_channel: str) -> Mapping[str, str]:
    return {}


class People:
    """What the ledger has, in memory: the gate is asked for every message."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[tuple[str, str], Person] = {}

    async def load(self) -> None:
        async with self._store.snapshot() as tx:
            found = await tx.people.all()
        self._known = {(person.channel, person.user): person for person in found}

    def on(self, channel: str) -> Mapping[str, str]:
        return {user: p.address for (of, user), p in self._known.items() if of == channel}

    def get(self, channel: str, user: str) -> Person | None:
        return self._known.get((channel, user))

    def came(self, person: Person) -> None:
        """After the ledger has kept it."""
        self._known[person.channel, person.user] = person

    def left(self, channel: str, user: str) -> None:
        self._known.pop((channel, user), None)
