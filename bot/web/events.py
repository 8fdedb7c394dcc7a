"""The live list: sessions and open prompts, first all of them and then what changes."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Mapping

from fastapi import APIRouter
from pydantic import BaseModel

from bot.web.deps import Deps, Needs
from bot.web.documents import PromptDoc, SessionDoc, session_docs
from bot.web.streams import EventStream, event

router = APIRouter(prefix="/api", tags=["sessions"])

QUIET = 0.2
"""Seconds between two looks: a busy gateway changes more often than anyone can read."""


class Snapshot(BaseModel):
    sessions: list[SessionDoc]
    prompts: list[PromptDoc]


class Gone(BaseModel):
    key: str
    """A session's name or a prompt's code."""


@router.get("/events", response_class=EventStream)
async def events(deps: Needs) -> EventStream:
    """`snapshot`, then `session`, `session_gone`, `prompt` and `prompt_gone`."""
    return EventStream([changes(deps)], deps.clock, deps.closing)


async def _look(deps: Deps) -> Snapshot:
    sessions, prompts = await deps.surface.sessions(), await deps.surface.prompts()
    return Snapshot(
        sessions=session_docs(sessions, prompts),
        prompts=[PromptDoc.of(record) for record in prompts],
    )


async def changes(deps: Deps) -> AsyncGenerator[bytes, None]:
    last = await _look(deps)
    yield event(last.model_dump_json(), "snapshot")
    async for _ in deps.surface.changes():
        now = await _look(deps)
        for change in differences(last, now):
            yield change
        last = now
        await deps.clock.sleep(QUIET)


def differences(old: Snapshot, new: Snapshot) -> Iterator[bytes]:
    yield from _differ(
        "session", {s.name: s for s in old.sessions}, {s.name: s for s in new.sessions}
    )
    yield from _differ(
        "prompt", {p.code: p for p in old.prompts}, {p.code: p for p in new.prompts}
    )


def _differ(
    kind: str, old: Mapping[str, BaseModel], new: Mapping[str, BaseModel]
) -> Iterator[bytes]:
    for key, document in new.items():
        if old.get(key) != document:
            yield event(document.model_dump_json(), kind)
    for key in old.keys() - new.keys():
        yield event(Gone(key=key).model_dump_json(), f"{kind}_gone")
