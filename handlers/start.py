"""start NAME in DIR: task: a new session with an agent at work; or the task to the one there."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.api import (
    Button,
    Command,
    Context,
    Group,
    Notice,
    Part,
    Refused,
    Session,
    StartRequest,
    first_word,
    reply,
)

_USAGE = "start NAME in DIR: task"

# A colon ends the directory only before a blank: paths may hold one.
_IN_DIR = re.compile(
    r"(?is)(?:in\s+)?(?P<dir>\"[^\"]+\"|'[^']+'|[^\s:]+(?::(?!\s|$)[^\s:]*)*)"
    r"(?:\s*:)?(?:\s+(?P<task>.*))?"
)
_SENTENCE = re.compile(r"(?is)work(?:ing)?\s+on\s+(?P<task>.+)\s+in\s+(?P<dir>\S+?)[.!]?")

_PAIRING_CODE = re.compile(r"(?=.*[A-Z0-9_-])[A-Za-z0-9_-]{16}")
"""As a link of ours makes a phone send it; all small letters are a name, rather."""


def parse(rest: str) -> tuple[StartRequest, str]:
    """The request and the task. Raises Refused with the usage."""
    sentence = _SENTENCE.fullmatch(rest)
    if sentence is not None:
        return StartRequest(_name_from(sentence["dir"]), sentence["dir"]), sentence["task"].strip()
    if _PAIRING_CODE.fullmatch(rest.strip()):
        raise Refused(
            "if that is a pairing code, it is used up or too old, and you need none: you are let "
            f"in already. To begin something: {_USAGE}"
        )
    name, rest = first_word(rest)
    found = _IN_DIR.fullmatch(rest)
    if not name or found is None or found["dir"].lower() == "in":
        raise Refused(f"I need a name and a directory: {_USAGE}")
    return StartRequest(name, found["dir"].strip("\"'")), (found["task"] or "").strip()


def _name_from(directory: str) -> str:
    last = directory.rstrip("/").rpartition("/")[2]
    return re.sub(r"[^A-Za-z0-9_-]+", "-", last).strip("-_") or "work"


_WELCOME = (
    "What your agents ask, and what they have done, comes here by itself: tap its buttons, or "
    f"reply to it in words. {_USAGE} begins something new."
)


def _welcome() -> Notice:
    buttons = tuple(Button(word, word) for word in ("sessions", "pending", "help"))
    return reply("✓ Wingman is here", Part(_WELCOME), buttons=buttons)


async def run(context: Context) -> Notice:
    # Telegram's phones send a bare /start when somebody opens the chat.
    if not context.rest.strip():
        return _welcome()
    request, task = parse(context.rest)
    gateway = context.gateway
    there = gateway.roster.called(request.name)
    if there is not None and there.started_by != context.event:
        return await _to_existing(context, there, task)
    return await gateway.starting.start(request, task, context.principal, context.event)


async def _to_existing(context: Context, session: Session, task: str) -> Notice:
    where = Part(f"📂 Directory: {session.directory}")
    if not task:
        return reply(f"Session '{session.name}' is there already", where, session=session.name)
    told = await context.gateway.prompting.tell(session, task, context.principal, context.event)
    return replace(told, parts=(*told.parts, where))


COMMAND = Command(
    name="start",
    summary="start an agent in a directory and give it a task",
    usage=_USAGE,
    run=run,
    group=Group.WORK,
    rank=2,
)
