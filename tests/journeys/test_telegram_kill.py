"""A gateway that is killed again and again while people write to it on Telegram.

Proved by what the agents wrote down and by what stands in the chats. WINGMAN_TEST_UPDATES sets how
many updates there are, and as many cards (200 were made for the figures in the docs)."""

from __future__ import annotations

import asyncio
import os
import random
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from tests.support.botapi.chats import Message
from tests.support.botapi.person import Person
from tests.support.botapi.server import FakeBotApi
from tests.support.home import Home
from tests.support.waiting import spend, until

UPDATES = int(os.environ.get("WINGMAN_TEST_UPDATES", "12"))
PEOPLE = 4 if UPDATES < 100 else 8
PROMPTS = UPDATES // PEOPLE
"""Each has a card in every chat: as many cards as there are updates."""
PANES = 3 if UPDATES < 100 else 8
LIFE = 2.0
"""Seconds, at most, between a start and a kill."""
LISTENERS = ("listener-0", "listener-1")

pytestmark = [pytest.mark.tmux, pytest.mark.kill, pytest.mark.timeout(1800)]


@dataclass
class Crowd:
    """Taps each card once, by whoever sees it first; somebody else taps the other button of it
    afterwards, and all tell agents something in between."""

    home: Home
    people: list[Person]
    rng: random.Random
    texts: list[tuple[Person, str]] = field(default_factory=list)
    first: dict[str, str] = field(default_factory=dict)
    """Prompts on which Approve was tapped: code to subject."""
    second: set[str] = field(default_factory=set)
    told: int = 0

    @property
    def updates(self) -> int:
        return self.told + len(self.first) + len(self.second)

    async def act(self) -> None:
        """One update, if there is anything to say."""
        if self.texts and self.rng.random() < 0.6:
            person, text = self.texts.pop()
            self.told += 1
            await person.says(f"tell {LISTENERS[self.told % len(LISTENERS)]} {text}")
            return
        person = self.rng.choice(self.people)
        for card in cards(person):
            code = code_of(card)
            # What nobody has to decide any more is not sent: first it has to be everywhere.
            if code not in self.first and card.labels and self.all_have(code):
                self.first[code] = subject_of(card)
                await person.taps(card, "Approve")
                return
            if code not in self.second and self.first.get(code) and not card.labels:
                self.second.add(code)
                await person.taps(card, "Deny", earlier=True)
                return

    def all_have(self, code: str) -> bool:
        return all(code in map(code_of, cards(person)) for person in self.people)

    def settled(self) -> bool:
        return (
            not self.texts
            and len(self.first) >= PROMPTS
            and self.second >= self.first.keys()
            and sum(self.home.crew.settled().values()) >= PROMPTS
        )


def cards(person: Person) -> list[Message]:
    """What was ever a prompt's card in that chat, copies included."""
    return [m for m in person.chat.from_bot if "needs approval" in first_look(m)]


def first_look(message: Message) -> str:
    return (message.history[0] if message.history else message.look).text


def data_of(card: Message) -> tuple[str, ...]:
    look = card.history[0] if card.history else card.look
    return tuple(button.data for row in look.buttons for button in row if button.data)


def code_of(card: Message) -> str:
    return data_of(card)[0].split()[1]


def subject_of(card: Message) -> str:
    return next(line for line in first_look(card).splitlines() if line.startswith("make "))


@pytest.fixture
async def crowd(tmp_path: Path, telegram: FakeBotApi) -> AsyncIterator[Crowd]:
    people = [telegram.person(7001 + n, f"Person {n}") for n in range(PEOPLE)]
    ids = ",".join(str(person.id) for person in people)
    home = Home(tmp_path, telegram, TELEGRAM__ALLOWED_USERS=ids)
    rng = random.Random(20261121)
    made = Crowd(home, people, rng)
    texts = UPDATES - 2 * PROMPTS
    made.texts = [(people[n % PEOPLE], f"note-{n} for you") for n in range(texts)]
    async with home.open():
        await home.rests(*LISTENERS)
        for pane in range(PANES):
            names = [f"make target-{n}" for n in range(pane, PROMPTS, PANES)]
            home.crew.hire(f"crew-{pane}", *({"bash": name, "id": name} for name in names))
        yield made


async def test_no_kill_loses_an_update_or_carries_one_out_twice(crowd: Crowd) -> None:
    home, telegram = crowd.home, crowd.home.telegram
    telegram.duplicate_updates()
    kills = 0
    while not crowd.settled():
        if kills % 2 == 0:
            telegram.faults.hang_up_after_accepting("sendMessage")
        async with asyncio.TaskGroup() as group:
            acting = group.create_task(acts_for_ever(crowd))
            await spend(crowd.rng.uniform(0.1, LIFE))
            home.gateway.kill()
            acting.cancel()
        kills += 1
        await home.gateway.up()
    await comes_to_rest(crowd)
    await duplicates_lead_to_the_same_prompt(crowd)
    check(crowd)
    sent = sum(len(person.chat.from_bot) for person in crowd.people)
    twice = len(duplicates(crowd))
    print(  # noqa: T201 - the figure is the result
        f"{crowd.updates} updates, {sent} messages ({twice} cards twice), {kills} kills"
    )


async def acts_for_ever(crowd: Crowd) -> None:
    while True:
        await crowd.act()
        await spend(0.05)


async def comes_to_rest(crowd: Crowd) -> None:
    """How each prompt ended has come to everybody; each text was taken, and its writer told."""
    try:
        await until(lambda: not missing(crowd), within=90 + 2 * UPDATES)
    except AssertionError:
        log = crowd.home.gateway.log.read_text()
        raise AssertionError(f"missing: {missing(crowd)}\n{log[-4000:]}") from None


def missing(crowd: Crowd) -> list[str]:
    missing = [f"update {one['update_id']}" for one in crowd.home.telegram.world.updates.waiting]
    if len(crowd.home.told()) < crowd.told:
        missing.append(f"{crowd.told} texts: only {crowd.home.told()}")
    for person in crowd.people:
        texts = "\n".join(message.text for message in person.chat.from_bot)
        for code, subject in crowd.first.items():
            told = f"approved (once)\n{subject}\n"
            missing += [] if told in texts else [f"{person.name}: {code}"]
        said = [m.text for m in person.chat.messages if m.text.startswith("tell ")]
        words = (text.split(" ", 2)[2] for text in said)
        missing += [f"{person.name}: {one}" for one in words if one not in texts]
    return missing


def duplicates(crowd: Crowd) -> list[Message]:
    """Cards of which the same chat has another."""
    found = []
    for person in crowd.people:
        by_code: defaultdict[str, list[Message]] = defaultdict(list)
        for card in cards(person):
            by_code[code_of(card)].append(card)
        found += [card for same in by_code.values() for card in same[1:]]
    return found


async def duplicates_lead_to_the_same_prompt(crowd: Crowd) -> None:
    """Whoever taps a copy is told how it ended; nothing else comes of it."""
    for person in crowd.people:
        for card in [card for card in cards(person) if card.labels]:
            tap = await person.taps(card, "Deny")
            assert "settled already" in await tap.answered()
            await until(partial(is_closed, card))


def is_closed(card: Message) -> bool:
    return not card.labels


def check(crowd: Crowd) -> None:
    home = crowd.home
    assert Counter(home.told()) == Counter(
        text.split(" ", 2)[2]
        for person in crowd.people
        for text in (message.text for message in person.chat.messages)
        if text.startswith("tell ")
    )
    assert home.crew.settled() == {(f"make target-{n}", "approve"): 1 for n in range(PROMPTS)}
    keys = Counter(
        event["dialog"]
        for event in home.crew.events()
        if event["event"] == "key" and event["keys"] in ("0d", "1b") and event["dialog"]
    )
    assert set(keys.values()) == {1}, f"keys too many: {keys}"
    prompts: defaultdict[str, set[tuple[str, ...]]] = defaultdict(set)
    for person in crowd.people:
        for card in cards(person):
            prompts[subject_of(card)].add(data_of(card))
    assert {len(buttons) for buttons in prompts.values()} == {1}, prompts
    assert len(prompts) == PROMPTS
