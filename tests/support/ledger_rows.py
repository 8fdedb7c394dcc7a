"""Records for tests of the ledger, and strategies that make any record."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any, NewType, cast, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from bot.core.approvals import PromptState
from bot.core.decisions import Inbound
from bot.core.ids import (
    Code,
    EventId,
    Fingerprint,
    PaneId,
    PaneKey,
    PressId,
    PromptId,
    ServerKey,
    SessionName,
)
from bot.core.notices import Button, ButtonStyle, Notice, NoticeKind, Part, PartStyle, Urgency
from bot.core.prompts import Choice, Kind, Prompt, Role
from bot.core.records import (
    Delivery,
    OutboxRecord,
    PressRecord,
    PressState,
    PromptRecord,
    TextRecord,
    TextState,
)
from bot.core.sessions import Origin, Session

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)

BASH = Prompt(
    kind=Kind.APPROVAL,
    agent="claude",
    tool="Bash",
    subject="rm -rf build",
    question="Do you want to proceed?",
    choices=(
        Choice(1, "Yes", Role.ALLOW_ONCE, selected=True, rows=(4,)),
        Choice(2, "No", Role.DENY, detail="and tell it what to do", rows=(5, 6)),
    ),
    body=("Bash command", "  rm -rf build"),
    span=(1, 7),
    cancel_denies=True,
    takes_reason=True,
)


def pane(id_: str = "%1") -> PaneKey:
    return PaneKey(ServerKey(4000, 1_795_170_878), PaneId(id_), 4001)


def session(name: str) -> Session:
    return Session(
        name=SessionName(name),
        pane=pane(),
        tmux_session=name,
        directory=f"/home/ada/{name}",
        origin=Origin.STARTED,
        started_at=NOW,
        last_activity=NOW,
        state_since=NOW,
        agent="claude",
        fingerprint=Fingerprint("f" * 64),
        prompt=PromptId("p1"),
        signals=("HELP:which one?",),
    )


def prompt_record(id_: str = "p1", **changes: Any) -> PromptRecord:
    values: dict[str, Any] = {
        "id": PromptId(id_),
        "code": Code(f"code-{id_}"),
        "session": SessionName("api"),
        "pane": pane(),
        "epoch": 1,
        "fingerprint": Fingerprint("f" * 64),
        "prompt": BASH,
        "state": PromptState.OPEN,
        "opened_at": NOW,
    }
    return PromptRecord(**(values | changes))


def press_record(owner: str, step: int) -> PressRecord:
    id_ = PressId(f"{owner}-{step}")
    return PressRecord(
        id_, owner, step, "Enter", pane(), True, 1_795_170_900, PressState.INTENT, NOW
    )


def text_record(id_: str) -> TextRecord:
    return TextRecord(
        id=EventId(id_),
        session=SessionName("api"),
        text="run the tests",
        principal="local:owner",
        channel="local",
        address="local",
        state=TextState.QUEUED,
        queued_at=NOW,
        expires_at=NOW + timedelta(minutes=30),
    )


def inbound(event: str) -> Inbound:
    return Inbound("telegram", EventId(event), "7", "Ada", "7", "approve k3f9", "55", tapped=True)


def outbox_record(key: str = "ask:1", topic: str = "") -> OutboxRecord:
    notice = Notice(
        NoticeKind.PROMPT,
        "api asks",
        (Part("rm -rf build", PartStyle.CODE),),
        (Button("Allow", "approve k3f9", ButtonStyle.ALLOW),),
    )
    return OutboxRecord(
        key=key,
        channel="telegram",
        address="7",
        urgency=Urgency.APPROVAL,
        delivery=Delivery.MUST,
        notice=notice,
        created_at=NOW,
        due_at=NOW,
        give_up_at=NOW + timedelta(days=1),
        topic=topic,
    )


TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=20)
"""With NUL, control characters and lone surrogates."""

NUMBER = st.integers(-(2**63), 2**63 - 1)
MOMENT = st.integers(-(10**12), 10**14).map(
    lambda n: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=n)
)


def any_of(hint: Any) -> st.SearchStrategy[Any]:
    """Any value of a type that the ledger holds."""
    if isinstance(hint, NewType):
        return any_of(hint.__supertype__)
    if hint in _LEAVES:
        return _LEAVES[hint]
    if isinstance(hint, type) and issubclass(hint, Enum):
        return st.sampled_from(hint)
    if is_dataclass(hint):
        types = get_type_hints(hint)
        values = {field.name: any_of(types[field.name]) for field in fields(hint)}
        return st.builds(cast("Any", hint), **values)
    arguments = get_args(hint)
    if get_origin(hint) is tuple and arguments[-1] is Ellipsis:
        return st.lists(any_of(arguments[0]), max_size=3).map(tuple)
    if get_origin(hint) is tuple:
        return st.tuples(*(any_of(argument) for argument in arguments))
    return st.one_of(*(any_of(argument) for argument in arguments))


_LEAVES: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXT,
    bytes: st.binary(max_size=20),
    int: NUMBER,
    bool: st.booleans(),
    datetime: MOMENT,
    type(None): st.none(),
}
