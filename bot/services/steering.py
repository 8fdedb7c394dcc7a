"""What people say about being told: mute, snooze, quiet hours; and why they were told or not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo

from bot.core.attention.explaining import Sight, explain, now_lines, overview, what_rings
from bot.core.attention.hours import OFF, Window, window
from bot.core.attention.matters import matters, told
from bot.core.attention.rules import EVERYBODY, Pause, Standing
from bot.core.cards import topic_of
from bot.core.decisions import Principal
from bot.core.errors import Refused
from bot.core.records import HeldRecord, OutboxRecord, PromptRecord, RulingRecord
from bot.core.sessions import Session
from bot.core.titles import BY_ID, Titles
from bot.ports.clock import Clock
from bot.ports.store import Store
from bot.services.attention import Attention
from bot.services.holding import Holding
from bot.services.reminders import Reminders

LATELY = timedelta(hours=24)
SHORTEST = timedelta(seconds=30)
LONGEST = timedelta(days=7)


class Steering:
    def __init__(
        self,
        store: Store,
        attention: Attention,
        holding: Holding,
        reminders: Reminders,
        clock: Clock,
        titles: Titles = BY_ID,
    ) -> None:
        self._store = store
        self._attention = attention
        self._holding = holding
        self._reminders = reminders
        self._clock = clock
        self._titles = titles

    async def mute(self, session: str, span: float, by: Principal) -> datetime:
        """Until when. Raises Refused."""
        pause = self._pause(span, by)
        await self._change(lambda s: replace(s, mutes={**s.mutes, session: pause}))
        return pause.until

    async def unmute(self, session: str) -> bool:
        """False when it was not muted."""
        was = self._attention.standing.muted(session, self._clock.now()) is not None
        await self._change(lambda s: replace(s, mutes=_without(s.mutes, session)))
        return was

    async def snooze(self, record: PromptRecord, span: float, by: Principal) -> datetime:
        """Until when. Raises Refused."""
        pause = self._pause(span, by)
        if not await self._reminders.snooze(record.code, pause.until):
            raise Refused(f"{record.code} does not wait any more")
        await self._change(lambda s: replace(s, snoozes={**s.snoozes, record.code: pause}))
        return pause.until

    async def wake(self, record: PromptRecord) -> bool:
        """Ends a snooze; False when there was none."""
        now = self._clock.now()
        was = self._attention.standing.snoozed(record.code, now) is not None
        await self._change(lambda s: replace(s, snoozes=_without(s.snoozes, record.code)))
        if was:
            await self._reminders.snooze(record.code, now)
        return was

    def hours(self, by: Principal) -> Window | None:
        return self._attention.standing.hours(by.id, self._attention.rules)

    async def quiet(self, said: str, by: Principal, *, everybody: bool) -> Window | None:
        """``said``: hours, or OFF. Raises Refused."""
        try:
            hours = None if said == OFF else window(said)
        except ValueError as error:
            raise Refused(str(error)) from None
        who = EVERYBODY if everybody or not self._rings(by) else by.id
        kept = OFF if hours is None else str(hours)
        await self._change(lambda s: replace(s, quiet={**s.quiet, who: kept}))
        return hours

    def _rings(self, by: Principal) -> bool:
        """Whoever is at the machine has no phone of his own: he speaks for everybody."""
        return self._attention.has_phone(by.channel)

    @property
    def zone(self) -> tzinfo | None:
        return self._attention.rules.zone

    @property
    def muted(self) -> tuple[str, ...]:
        return tuple(sorted(self._attention.standing.current(self._clock.now()).mutes))

    @property
    def snoozed(self) -> tuple[str, ...]:
        return tuple(sorted(self._attention.standing.current(self._clock.now()).snoozes))

    def lets(self) -> str:
        """What rings in quiet hours, as a sentence."""
        return f"It rings for {what_rings(self._attention.rules)}."

    @property
    def interval(self) -> timedelta:
        return self._attention.remind

    async def remind(self, span: float) -> None:
        """Seconds; 0: as the settings say. Raises Refused."""
        if span:
            _refuse_odd(timedelta(seconds=span))
        await self._change(lambda s: replace(s, remind=int(span)))
        await self._reminders.reschedule()

    def overview(self, by: Principal) -> str:
        """A line for each rule that does something."""
        standing = self._attention.standing.current(self._clock.now())
        rules = self._attention.rules
        return "\n".join(overview(rules, standing, self._attention.remind, by.id))

    async def explain(self, record: PromptRecord) -> str:
        """Line by line: what was told to whom, what holds it, and what comes next."""
        topic = topic_of(record)
        async with self._store.snapshot() as tx:
            sight = self._sight(
                self._clock.now(),
                await tx.rulings.about(record.code),
                await tx.outbox.about(topic),
                await tx.held.of(topic),
            )
        return "\n".join(explain(record, sight))

    async def explain_session(self, session: Session) -> tuple[list[str], list[str]]:
        """What holds back its notices now, and what became of the last ones, newest first."""
        now = self._clock.now()
        since = now - LATELY
        async with self._store.snapshot() as tx:
            rulings = await tx.rulings.since(since)
            sight = self._sight(
                now,
                [r for r in rulings if r.session == session.name],
                await tx.outbox.naming(session.name, since),
                [h for h in await tx.held.all() if h.notice.session == session.name],
            )
        typed = self._attention.typed_at(session.pane.pane)
        standing = self._attention.standing
        holds = now_lines(session, self._attention.rules, standing, (now, typed))
        return [*holds], [*told(matters(sight), sight)]

    async def explain_all(self) -> list[str]:
        """What was lately not just sent, whatever it was about, newest first."""
        now = self._clock.now()
        async with self._store.snapshot() as tx:
            sight = self._sight(now, await tx.rulings.since(now - LATELY), (), await tx.held.all())
        return [*told((one for one in matters(sight) if not one.smooth), sight)]

    def _sight(
        self,
        now: datetime,
        rulings: Sequence[RulingRecord],
        sent: Sequence[OutboxRecord],
        held: Sequence[HeldRecord],
    ) -> Sight:
        return Sight(now, self._attention.rules.zone, rulings, sent, held, self._titles)

    def _pause(self, span: float, by: Principal) -> Pause:
        length = timedelta(seconds=span)
        _refuse_odd(length)
        return Pause(self._clock.now() + length, by.name)

    async def _change(self, how: Callable[[Standing], Standing]) -> None:
        await self._attention.change(how)
        await self._holding.check()


def _refuse_odd(length: timedelta) -> None:
    if not SHORTEST <= length <= LONGEST:
        raise Refused("that can be 30 s to 7 days, such as 30m, 1h or 1d")


def _without(pauses: Mapping[str, Pause], name: str) -> dict[str, Pause]:
    return {key: pause for key, pause in pauses.items() if key != name}
