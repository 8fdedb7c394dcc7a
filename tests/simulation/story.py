"""What happens to the agents and what the person does, by chance; and what must hold then."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from bot.core.approvals import LIVE, PromptState
from bot.core.decisions import Verdict
from bot.core.ids import EventId, PromptId
from bot.core.notices import NoticeKind
from bot.core.press import Press
from bot.core.records import InboxState, PromptRecord
from tests.simulation.world import Lives, Mutate
from tests.support.faketmux import FakePane, FakeTmux
from tests.support.phone import Bubble
from tests.support.toy import YES_ALWAYS_NO, YES_NO
from tests.support.world import ledger

DECIDING = (b"\r", b"\x1b")
MEANT = {
    Verdict.APPROVE: {"allow_once"},
    Verdict.ALWAYS: {"allow_always"},
    Verdict.DENY: {"deny", "escape"},
}


@dataclass
class Story:
    """``subjects`` are never used twice: what was done to one says to which prompt it was done."""

    lives: Lives
    panes: list[FakePane] = field(default_factory=list)
    local: set[str] = field(default_factory=set)
    """Answered at the terminal."""
    sent: list[EventId] = field(default_factory=list)
    count: int = 0

    async def tell(self, decisions: int) -> None:
        self.panes = [self.lives.world.session(name) for name in ("api", "shop", "web")]
        async with self.lives.going_on():
            for _ in range(decisions):
                await self._scene()
            self.lives.immortal = True
            await self.lives.world.passes(200)

    def _subject(self) -> str:
        self.count += 1
        return f"make task-{self.count:04}"

    async def _scene(self) -> None:
        rng, world = self.lives.rng, self.lives.world
        pane = rng.choice(self.panes)
        subject = self._subject()
        world.asks(pane, subject, rows=rng.choice((YES_NO, YES_ALWAYS_NO)))
        card = await self._card(subject)
        if card is not None:
            act = rng.choice(
                (self._taps, self._taps, self._double, self._contrary, self._flips, self._local)
            )
            await act(pane, card)
        await world.passes(rng.choice((0.0, 0.1, 0.4, 1.0, 8.0)))
        await self._tidy(pane)

    async def _card(self, subject: str) -> Bubble | None:
        for _ in range(400):
            for bubble in reversed(self.lives.phone.cards()):
                if subject in bubble.text:
                    return bubble
            await self.lives.world.passes(0.1)
        return None

    async def _says(self, text: str, event: EventId | None = None) -> EventId:
        event = event or EventId(f"event-{len(self.sent)}")
        self.sent.append(event)
        await self.lives.deliver(text, event)
        return event

    def _button(self, card: Bubble) -> str:
        labels = [b.command for b in card.notice.buttons] or [f"approve {card.notice.code}"]
        picked = self.lives.rng.choice(labels)
        if picked.startswith("deny") and self.lives.rng.random() < 0.3:
            picked += " not like that"
        return picked

    async def _taps(self, pane: FakePane, card: Bubble) -> None:
        await self._says(self._button(card))

    async def _double(self, pane: FakePane, card: Bubble) -> None:
        text = self._button(card)
        event = await self._says(text)
        await self._says(text, self.lives.rng.choice((event, None)))

    async def _contrary(self, pane: FakePane, card: Bubble) -> None:
        code = card.notice.code
        for text in self.lives.rng.sample((f"approve {code}", f"deny {code}"), 2):
            await self._says(text)

    async def _flips(self, pane: FakePane, card: Bubble) -> None:
        """Another question at the same place, at the very moment of a key or just before."""
        text = self._button(card)
        if self.lives.rng.random() < 0.5:
            self._flip(pane)
        else:
            self.lives.flip = lambda press: self._flip_once(press, pane)
        await self._says(text)

    def _flip_once(self, press: Press, pane: FakePane) -> None:
        if press.guard.pane == pane.key and self.lives.rng.random() < 0.7:
            self.lives.flip = lambda press: None
            self._flip(pane)

    def _flip(self, pane: FakePane) -> None:
        agent = pane.agent
        if agent.asks:
            self.local.add(agent.asks[0][0])
            agent.asks[0] = (self._subject(), agent.asks[0][1])
            agent.caret, agent.typed = 0, None
            self.lives.tmux.wrote(pane)

    async def _local(self, pane: FakePane, card: Bubble) -> None:
        text = self._button(card)
        first = self.lives.rng.random() < 0.5
        if first:
            self._at_the_terminal(pane)
        await self._says(text)
        if not first:
            await self.lives.world.passes(self.lives.rng.choice((0.0, 0.2, 0.35)))
            self._at_the_terminal(pane)

    def _at_the_terminal(self, pane: FakePane) -> None:
        if pane.agent.asks:
            self.local.add(pane.agent.asks[0][0])
            pane.agent.feed(b"\x1b")
            self.lives.tmux.wrote(pane)

    async def _tidy(self, pane: FakePane) -> None:
        """Whoever sits there answers what has been waiting for too long."""
        for _ in range(90):
            if not pane.agent.asks:
                return
            if self.lives.rng.random() < 0.02:
                break
            await self.lives.world.passes(0.5)
        self.lives.flip = lambda press: None
        while pane.agent.asks:
            self._at_the_terminal(pane)


async def violations(story: Story) -> list[str]:
    """Every lie, every wrong or second key, everything that was forgotten."""
    async with ledger(story.lives.world.path) as store, store.snapshot() as tx:
        records = await tx.prompts.in_states(frozenset(PromptState))
        waiting = [
            row.inbound.event
            for state in (InboxState.NEW, InboxState.RUNNING)
            for row in await tx.inbox.in_state(state)
        ]
        ended = [
            row.inbound.event
            for state in (InboxState.DONE, InboxState.REJECTED)
            for row in await tx.inbox.in_state(state)
        ]
    found = [f"{event} was taken in and not handled" for event in waiting]
    found += [f"{event} was lost" for event in set(story.sent) - set(ended) - set(waiting)]
    found += _wrong_keys(story, records)
    found += [line for record in records for line in _misreported(story, record)]
    return found


def _wrong_keys(story: Story, records: tuple[PromptRecord, ...]) -> list[str]:
    found = []
    decided = {r.id: r for r in records if r.decision is not None}
    strokes = [s for s in story.lives.strokes if s.data in DECIDING]
    for stroke in strokes:
        record = decided.get(_owner(stroke.press))
        if record is None:
            found.append(f"a key for a prompt nobody decided: {stroke}")
        elif record.prompt.subject != stroke.subject:
            found.append(f"a key for {record.prompt.subject} went into {stroke.subject!r}")
    twice = Counter(_owner(stroke.press) for stroke in strokes)
    found += [
        f"{n} deciding keys for {decided[owner].prompt.subject}"
        for owner, n in twice.items()
        if n > 1 and owner in decided
    ]
    for how, subject, _ in _done(story):
        if subject in story.local:
            continue
        verdicts = [r.decision for r in records if r.prompt.subject == subject and r.decision]
        if not any(how in MEANT[decision.verdict] for decision in verdicts):
            found.append(f"{subject} was answered with {how}, which nobody decided")
    return found


def _misreported(story: Story, record: PromptRecord) -> list[str]:
    subject = record.prompt.subject
    if record.state in LIVE:
        return [f"{subject} was left {record.state}"]
    if record.decision is None:
        return []
    pressed = any(_owner(s.press) == record.id and s.data in DECIDING for s in story.lives.strokes)
    said = {PromptState.CONFIRMED: True, PromptState.APPLIED: True, PromptState.REFUSED: False}
    if said.get(record.state, pressed) != pressed:
        return [f"{subject} is told as {record.state}, but a key went in: {pressed}"]
    if record.closed_at is None:
        return [f"{subject} was never concluded ({record.state})"]
    shown = [b for b in story.lives.phone.bubbles if b.notice.code == record.code]
    if not any(b.notice.kind is NoticeKind.CLOSED for b in shown):
        return [f"{subject} ended as {record.state}, and no card says so"]
    return []


def _owner(press: str) -> PromptId:
    return PromptId(re.sub(r"-\d+$", "", press))


def _done(story: Story) -> list[tuple[str, str, str]]:
    return [done for pane in story.panes for done in pane.agent.done]


async def play(
    path: Path,
    seed: int,
    decisions: int,
    *,
    tmux: FakeTmux | None = None,
    mutate: Mutate = lambda services: None,
) -> Story:
    story = Story(Lives(path, seed, tmux, mutate))
    await story.tell(decisions)
    return story
