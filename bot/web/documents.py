"""The JSON documents of the HTTP API, and how the program's values become them.

Fields are added, never renamed: people's scripts read these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Literal

from pydantic import BaseModel, Field

from bot.core.approvals import PromptState
from bot.core.decisions import Decision, Verdict
from bot.core.notices import Attachment, ButtonStyle, Notice, NoticeKind, PartStyle
from bot.core.records import PromptRecord
from bot.core.sessions import Session
from bot.ports.chatlog import ChatMessage
from bot.web.surface import Outcome

MAX_TEXT = 100_000
Codes = Mapping[str, str]
"""Open prompts: ledger id to code."""


class Problem(BaseModel):
    """RFC 9457. ``detail`` is fit for the person."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = ""


class PartDoc(BaseModel):
    text: str
    style: PartStyle


class ButtonDoc(BaseModel):
    label: str
    command: str
    style: ButtonStyle


class AttachmentDoc(BaseModel):
    """A file that goes with a notice."""

    name: str
    mime: str
    size: int
    """Bytes."""
    width: int
    """Pixels of a picture that may be shown where it stands; 0 for any other file."""
    height: int
    url: str
    """Where it is fetched; empty outside of the chat."""

    @classmethod
    def of(cls, attachment: Attachment, url: str) -> AttachmentDoc:
        width, height = attachment.pixels
        return cls(
            name=attachment.name,
            mime=attachment.mime,
            size=len(attachment.data),
            width=width,
            height=height,
            url=url,
        )


class NoticeDoc(BaseModel):
    kind: NoticeKind
    title: str
    parts: list[PartDoc]
    buttons: list[ButtonDoc]
    footer: str
    session: str
    code: str
    silent: bool
    attach: str
    attachments: list[AttachmentDoc]
    live: bool
    """It is kept up to date for a while."""
    answers: str
    failure: bool

    @classmethod
    def of(cls, notice: Notice, files: str = "") -> NoticeDoc:
        """``files`` is the path of what is attached, if it can be fetched."""
        return cls(
            kind=notice.kind,
            title=notice.title,
            parts=[PartDoc(text=part.text, style=part.style) for part in notice.parts],
            buttons=[
                ButtonDoc(label=b.label, command=b.command, style=b.style) for b in notice.buttons
            ],
            footer=notice.footer,
            session=notice.session,
            code=notice.code,
            silent=notice.silent,
            attach=notice.attach,
            attachments=[
                AttachmentDoc.of(attachment, f"{files}/{number}" if files else "")
                for number, attachment in enumerate(notice.attachments)
            ],
            live=notice.live,
            answers=notice.answers,
            failure=notice.failure,
        )


class MessageDoc(BaseModel):
    """One bubble. A changed bubble comes again under its id, with a higher revision."""

    id: int
    revision: int
    at: datetime
    mine: bool
    text: str
    notice: NoticeDoc | None
    reply_to: int | None

    @classmethod
    def of(cls, message: ChatMessage) -> MessageDoc:
        return cls(
            id=message.id,
            revision=message.revision,
            at=message.at,
            mine=message.mine,
            text=message.text,
            notice=NoticeDoc.of(message.notice, files_of(message)) if message.notice else None,
            reply_to=message.reply_to,
        )


def files_of(message: ChatMessage) -> str:
    return f"/api/chat/{message.id}/files"


class SessionDoc(BaseModel):
    name: str
    agent: str
    """Agent id, empty while none has been seen."""
    phase: str
    state: str
    activity: str
    task: str
    directory: str
    tmux_session: str
    pane: str
    origin: str
    watched: bool
    prompt: str | None
    """Code of the prompt that waits for a person."""
    started_at: datetime
    last_activity: datetime
    state_since: datetime
    stage: str
    """spawned, working, waiting_input, done, error or cleaned."""
    task_at: datetime | None
    """When it set to work on what it does, or did last."""
    progress: str
    """Percent, as the agent said last; empty if it has not."""
    title: str
    """What the agent itself calls its work."""
    model: str
    mode: str
    context: int | None
    """Percent of the context that is used."""
    cost: str
    tests: str
    """``8/10``: tests passed of those that have run."""
    trouble: str
    """What holds it up for now."""
    halted: str
    """Why it cannot go on without a person."""

    @classmethod
    def of(cls, session: Session, codes: Codes) -> SessionDoc:
        vitals = session.vitals
        return cls(
            name=session.name,
            agent=session.agent,
            phase=session.phase,
            state=session.state,
            activity=session.activity,
            task=session.task,
            directory=session.directory,
            tmux_session=session.tmux_session,
            pane=session.pane.pane,
            origin=session.origin,
            watched=session.watched,
            prompt=codes.get(session.prompt or ""),
            started_at=session.started_at,
            last_activity=session.last_activity,
            state_since=session.state_since,
            stage=session.stage,
            task_at=session.task_at,
            progress=session.progress,
            title=vitals.title,
            model=vitals.model,
            mode=vitals.mode,
            context=vitals.context,
            cost=vitals.cost,
            tests=vitals.tests,
            trouble=vitals.trouble,
            halted=vitals.stopped,
        )


class StepDoc(BaseModel):
    at: datetime
    stage: str
    why: str


class SessionDetailDoc(SessionDoc):
    history: list[StepDoc]
    """How it came to be at this stage, oldest first."""

    @classmethod
    def of(cls, session: Session, codes: Codes) -> SessionDetailDoc:
        brief = SessionDoc.of(session, codes).model_dump()
        steps = [
            StepDoc(at=datetime.fromtimestamp(s.at / 1000, UTC), stage=s.stage, why=s.why)
            for s in session.history
        ]
        return cls(**brief, history=steps)


class ChoiceDoc(BaseModel):
    n: int
    label: str
    role: str
    selected: bool
    checked: bool | None
    detail: str


class PromptDoc(BaseModel):
    code: str
    session: str
    agent: str
    kind: str
    tool: str
    subject: str
    question: str
    body: list[str]
    choices: list[ChoiceDoc]
    complete: bool
    """False when part of what is asked is off the agent's screen."""
    state: PromptState
    fingerprint: str
    opened_at: datetime
    decided_by: str
    decided_at: datetime | None
    closed_at: datetime | None
    reason: str

    @classmethod
    def of(cls, record: PromptRecord) -> PromptDoc:
        prompt = record.prompt
        return cls(
            code=record.code,
            session=record.session,
            agent=prompt.agent,
            kind=prompt.kind,
            tool=prompt.tool,
            subject=prompt.subject,
            question=prompt.question,
            body=list(prompt.body),
            choices=choices_of(record),
            complete=prompt.complete,
            state=record.state,
            fingerprint=record.fingerprint,
            opened_at=record.opened_at,
            decided_by=record.decided_name,
            decided_at=record.decided_at,
            closed_at=record.closed_at,
            reason=record.reason,
        )


def choices_of(record: PromptRecord) -> list[ChoiceDoc]:
    return [
        ChoiceDoc(
            n=choice.n,
            label=choice.label,
            role=choice.role,
            selected=choice.selected,
            checked=choice.checked,
            detail=choice.detail,
        )
        for choice in record.prompt.choices
    ]


def session_docs(sessions: Sequence[Session], prompts: Sequence[PromptRecord]) -> list[SessionDoc]:
    codes = {str(record.id): str(record.code) for record in prompts}
    return [SessionDoc.of(session, codes) for session in sessions]


class OutcomeDoc(BaseModel):
    ok: bool
    notice: NoticeDoc

    @classmethod
    def of(cls, outcome: Outcome) -> OutcomeDoc:
        return cls(ok=outcome.ok, notice=NoticeDoc.of(outcome.notice))


class AgentStateDoc(BaseModel):
    """What other hubs poll. ``id`` is the session's name."""

    id: str
    agent: str
    state: str
    phase: str
    since: datetime
    prompt: PromptDoc | None


class StartBody(BaseModel):
    name: str = Field(min_length=1, max_length=100)
    directory: str = Field(default="", max_length=4096)
    prompt: str = Field(default="", max_length=MAX_TEXT)
    agent: str = Field(default="", max_length=50)
    permission_mode: str = Field(default="", max_length=50)


class InputBody(BaseModel):
    text: str = Field(min_length=1, max_length=MAX_TEXT)


CONFIRM = "yes to what a 409 said it would grant beyond this one request"


class DecisionBody(BaseModel):
    """``choices`` are rows from 1; they make it a choice, whatever ``decision`` says.

    What grants more than the one request is refused at first, with status 409 and a ``detail``
    that says what it grants; sent again with ``confirm`` it is carried out."""

    decision: Literal["approve", "always", "deny", "choose", "answer"] | None = None
    reason: str = Field(default="", max_length=MAX_TEXT)
    choices: list[int] = Field(default_factory=list, max_length=50)
    confirm: bool = Field(default=False, description=CONFIRM)

    def decision_value(self) -> Decision | None:
        """None when neither a decision nor a choice is named."""
        if self.choices:
            rows = tuple(self.choices)
            return Decision(Verdict.CHOOSE, self.reason, rows, confirmed=self.confirm)
        if self.decision is None or self.decision == "choose":
            return None
        return Decision(Verdict(self.decision), self.reason, confirmed=self.confirm)


class ApproveBody(BaseModel):
    decision: Literal["yes", "no", "always"]
    confirm: bool = Field(default=False, description=CONFIRM)

    def decision_value(self) -> Decision:
        verdicts = {"yes": Verdict.APPROVE, "no": Verdict.DENY, "always": Verdict.ALWAYS}
        return Decision(verdicts[self.decision], confirmed=self.confirm)


class ChatBody(BaseModel):
    text: str = Field(min_length=1, max_length=MAX_TEXT)
    reply_to: int | None = Field(default=None, ge=1)
    event: str | None = Field(default=None, pattern=r"^[A-Za-z0-9_-]{8,64}$")
    """Made by the client: sent again with the same one, the message counts once."""
    tapped: bool = False


class ChatDoc(BaseModel):
    new: bool
    """False: this event was taken before."""
    message: int | None
    """The bubble it became, if that is still known."""


class CommandBody(BaseModel):
    text: str = Field(min_length=1, max_length=MAX_TEXT)


class NudgeBody(BaseModel):
    pane: str = Field(pattern=r"^%\d{1,9}$")


class LinkDoc(BaseModel):
    url: str
    """Lets one browser in, once."""
    expires_in: int
    """Seconds."""


class StatusDoc(BaseModel):
    status: str
