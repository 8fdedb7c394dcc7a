"""An agent that was tried once has another version now: said once, at the machine itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from bot.core.notices import Notice, NoticeKind, Part
from bot.core.trials import Untried
from bot.ports.channel import Channel
from bot.ports.store import Store
from bot.services.notifier import Notifier

AT_THE_MACHINE = "local"
"""Nobody's telephone need ring for it."""


class ChangedAgents:
    def __init__(
        self,
        store: Store,
        notifier: Notifier,
        channels: Sequence[Channel],
        wake: Callable[[], None],
    ) -> None:
        self._store = store
        self._notifier = notifier
        self._channels = [channel for channel in channels if channel.id == AT_THE_MACHINE]
        self._wake = wake

    async def tell(self, found: Iterable[Untried]) -> None:
        """Once for each version, also over restarts."""
        for untried in found:
            async with self._store.transaction() as tx:
                name = f"untried:{untried.agent}"
                if await tx.meta.get(name) == untried.installed:
                    continue
                await tx.meta.put(name, untried.installed)
                key = f"{name}:{untried.installed}"
                for channel in self._channels:
                    for address in channel.allowed.values():
                        await self._notifier.reply(
                            tx, key, (channel.id, address), _notice(untried)
                        )
            self._wake()


def _notice(untried: Untried) -> Notice:
    return Notice(
        NoticeKind.STATE,
        f"{untried.agent} {untried.installed} is installed, {untried.tried} was tried",
        (Part("To prove its dialogs again, type at the machine: wingman doctor --deep"),),
        silent=True,
    )
