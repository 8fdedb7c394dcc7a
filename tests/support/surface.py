"""A gateway without tmux: sessions and prompts that a test lays out by hand."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from bot.core.agent import State
from bot.core.approvals import PromptState
from bot.core.decisions import Decision
from bot.core.errors import NotFound, Refused
from bot.core.ids import Code, Fingerprint, PaneId, PaneKey, PromptId, ServerKey, SessionName
from bot.core.lifecycle import Phase
from bot.core.notices import Notice, NoticeKind
from bot.core.pairing import Invitation
from bot.core.prompts import Choice, Kind, Prompt, Role
from bot.core.records import Person, PromptRecord
from bot.core.sessions import Origin, Session
from bot.ports.painter import PictureKind

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
WORDS = ("approve", "always", "deny", "choose", "answer", "sessions", "status", "pending",
         "start", "tell", "peek", "interrupt", "stop", "watch", "help")  # fmt: skip


@dataclass(frozen=True)
class FakeOutcome:
    notice: Notice
    ok: bool = True


def reply(title: str, ok: bool = True) -> FakeOutcome:
    return FakeOutcome(Notice(NoticeKind.REPLY, title), ok)


def pane(number: int) -> PaneKey:
    return PaneKey(ServerKey(4321, 1_770_000_000), PaneId(f"%{number}"), 5000 + number)


def make_session(name: str, number: int = 1, at: datetime = NOON, **more: object) -> Session:
    session = Session(
        name=SessionName(name),
        pane=pane(number),
        tmux_session=name,
        directory=f"/home/me/projects/{name}",
        origin=Origin.FOUND,
        started_at=at,
        last_activity=at,
        state_since=at,
        agent="claude",
        phase=Phase.WORKING,
        state=State.WORKING,
    )
    return replace(session, **more)  # type: ignore[arg-type]


BASH = Prompt(
    kind=Kind.APPROVAL,
    agent="claude",
    tool="Bash",
    subject="npm run build",
    question="Do you want to proceed?",
    choices=(
        Choice(1, "Yes", Role.ALLOW_ONCE, selected=True),
        Choice(2, "Yes, and don't ask again for: npm run *", Role.ALLOW_ALWAYS),
        Choice(3, "No", Role.DENY),
    ),
)


def make_prompt(code: str, session: Session, prompt: Prompt = BASH) -> PromptRecord:
    return PromptRecord(
        id=PromptId(f"prompt-{code}"),
        code=Code(code),
        session=session.name,
        pane=session.pane,
        epoch=1,
        fingerprint=Fingerprint("f" * 64),
        prompt=prompt,
        state=PromptState.OPEN,
        opened_at=session.state_since,
    )


@dataclass
class FakeSurface:
    open_sessions: list[Session] = field(default_factory=list)
    records: list[PromptRecord] = field(default_factory=list)
    done: list[tuple[str, ...]] = field(default_factory=list)
    nudged: list[str] = field(default_factory=list)
    """What was asked of it, as (verb, arguments…, by)."""
    unready: str = ""
    people: list[Person] = field(default_factory=list)
    channels: set[str] = field(default_factory=lambda: {"telegram"})
    answer: FakeOutcome | None = None
    """To every command, instead of an echo."""
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def wait(self, session: Session, code: str, prompt: Prompt = BASH) -> PromptRecord:
        """Puts a prompt before a session, as the supervisor would."""
        record = make_prompt(code, session, prompt)
        self.records.append(record)
        waiting = replace(
            session, phase=Phase.WAITING, state=State(prompt.kind.value), prompt=record.id
        )
        others = [s for s in self.open_sessions if s.name != session.name]
        self.open_sessions = [waiting, *others]
        self.change()
        return record

    def change(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def sessions(self) -> list[Session]:
        return list(self.open_sessions)

    async def session(self, name: str) -> Session:
        for session in self.open_sessions:
            if session.name == name:
                return session
        raise NotFound(f"There is no session '{name}'")

    async def screen(self, name: str, lines: int) -> str:
        session = await self.session(name)
        return "\n".join(f"{session.name} line {number}" for number in range(1, lines + 1))

    async def picture(self, name: str, kind: PictureKind) -> bytes:
        session = await self.session(name)
        return f"{session.name} as {kind}".encode()

    async def prompts(self) -> list[PromptRecord]:
        return [record for record in self.records if record.state is PromptState.OPEN]

    async def prompt(self, code: str) -> PromptRecord:
        for record in self.records:
            if record.code == code:
                return record
        raise NotFound(f"There is no prompt {code}")

    async def completions(self) -> list[str]:
        names = [str(session.name) for session in self.open_sessions]
        codes = [str(record.code) for record in await self.prompts()]
        return [*WORDS, *names, *codes]

    async def changes(self) -> AsyncGenerator[None, None]:
        while True:
            changed = self._changed
            yield None
            await changed.wait()

    async def ready(self) -> str:
        return self.unready

    async def decide(self, code: str, decision: Decision, by: str) -> PromptRecord:
        record = await self.prompt(code)
        if record.state is not PromptState.OPEN:
            raise Refused(f"Prompt {code} is closed: nothing was pressed")
        settled = replace(record, state=PromptState.CONFIRMED, decision=decision, decided_name=by)
        self.records[self.records.index(record)] = settled
        self.done.append(("decide", code, decision.verdict, decision.text, by))
        self.change()
        return settled

    async def start(
        self, name: str, directory: str, task: str, agent: str, mode: str, by: str
    ) -> FakeOutcome:
        self.done.append(("start", name, directory, task, agent, mode, by))
        return reply(f"✅ Session: {name}", ok=name != "taken")

    async def stop(self, name: str, force: bool, by: str) -> FakeOutcome:
        await self.session(name)
        self.done.append(("stop", name, str(force), by))
        return reply(f"Session '{name}' stopped")

    async def input(self, name: str, text: str, by: str) -> FakeOutcome:
        await self.session(name)
        self.done.append(("input", name, text, by))
        return reply("delivered")

    def nudge(self, pane: str) -> None:
        self.nudged.append(pane)

    def has_channel(self, channel: str) -> bool:
        return channel in self.channels

    async def pair(self, channel: str, by: str) -> Invitation:
        self.done.append(("pair", channel, by))
        return Invitation("code-for-one-only", channel, NOON)

    async def unpair(self, channel: str, user: str, by: str) -> Person:
        for person in self.people:
            if (person.channel, person.user) == (channel, user):
                self.people.remove(person)
                self.done.append(("unpair", channel, user, by))
                return person
        raise NotFound(f"nobody was paired as {channel}:{user}")

    async def command(self, text: str, by: str) -> FakeOutcome:
        self.done.append(("command", text, by))
        return self.answer or reply(f"you said {text}", ok=not text.startswith("refuse"))
