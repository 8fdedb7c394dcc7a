"""Routes of the local phone: what the person says, and what stands in the chat."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Header, Query
from fastapi.responses import Response
from pydantic import BaseModel

from bot.core.errors import NotFound
from bot.ports.chatlog import ChatMessage
from bot.web.deps import By, Deps, Needs
from bot.web.documents import (
    ChatBody,
    ChatDoc,
    CommandBody,
    MessageDoc,
    NudgeBody,
    OutcomeDoc,
    StatusDoc,
)
from bot.web.events import changes
from bot.web.streams import EventStream, event

router = APIRouter(prefix="/api", tags=["chat"])


class Synced(BaseModel):
    revision: int
    """Of the newest message. Lower than what a client has seen: the log was begun anew."""


@router.post("/chat")
async def say(body: ChatBody, deps: Needs, by: By) -> ChatDoc:
    is_new = await deps.phone.submit(body.text, body.reply_to, body.tapped, body.event, by)
    return ChatDoc(new=is_new, message=deps.phone.bubble_of(body.event) if body.event else None)


@router.get("/chat/{message}/files/{number}", response_class=Response)
async def chat_file(message: int, number: int, deps: Needs) -> Response:
    """What is attached to a message. Only a picture is shown; anything else is saved."""
    found = await deps.log.get(message)
    attached = found.notice.attachments if found and found.notice else ()
    if not 0 <= number < len(attached):
        raise NotFound("there is no such file any more")
    file = attached[number]
    shown, mime = (
        ("inline", file.mime) if file.is_picture else ("attachment", "application/octet-stream")
    )
    disposition = f"{shown}; filename*=UTF-8''{quote(file.name, safe='')}"
    return Response(file.data, media_type=mime, headers={"Content-Disposition": disposition})


@router.post("/command")
async def command(body: CommandBody, deps: Needs, by: By) -> OutcomeDoc:
    """A chat command answered at once, past the chat: for programs and the command line."""
    return OutcomeDoc.of(await deps.surface.command(body.text, by))


@router.post("/nudge", status_code=HTTPStatus.ACCEPTED)
async def nudge(body: NudgeBody, deps: Needs) -> StatusDoc:
    """From an agent's hook: something happened in that pane."""
    deps.surface.nudge(body.pane)
    return StatusDoc(status="looking")


@router.get("/completions")
async def completions(deps: Needs) -> list[str]:
    return list(await deps.surface.completions())


@router.get("/chat/events", response_class=EventStream)
async def chat_events(
    deps: Needs,
    after: Annotated[int, Query(ge=0)] = 0,
    sessions: bool = False,
    last_event_id: Annotated[str, Header()] = "",
) -> EventStream:
    """`message` events (the id is the revision), then `synced` once history is complete.

    With `sessions` the events of `/api/events` come in the same stream."""
    resume = int(last_event_id) if last_event_id.isascii() and last_event_id.isdigit() else after
    sources = [_messages(deps, resume), *([changes(deps)] if sessions else [])]
    return EventStream(sources, deps.clock, deps.closing)


async def _messages(deps: Deps, after: int) -> AsyncGenerator[bytes, None]:
    for message in await deps.log.since(after):
        after = message.revision
        yield _message_event(message)
    yield event(Synced(revision=await _newest(deps)).model_dump_json(), "synced")
    async with aclosing(deps.phone.subscribe(after)) as news:
        async for message in news:
            yield _message_event(message)


async def _newest(deps: Deps) -> int:
    return next((message.revision for message in await deps.log.since(0, 1)), 0)


def _message_event(message: ChatMessage) -> bytes:
    return event(MessageDoc.of(message).model_dump_json(), "message", message.revision)
