"""start NAME in DIR: task – a new session with an agent at work; or the task to the one there."""

from __future__ import annotations

import re

from bot.api import (
    Command,
    Context,
    Notice,
    Phase,
    Refused,
    Session,
    StartRequest,
    first_word,
    reply,
)

_IN_DIR = re.compile(r"in\s+(?P<dir>\"[^\"]+\"|'[^']+'|[^\s:]+(?::(?!\s)[^\s:]*)*)\s*:?\s*", re.A)
_USAGE = "start NAME in DIR: task"


_SENTENCE = re.compile(r"(?is)work(?:ing)?\s+on\s+(?P<task>.+)\s+in\s+(?P<dir>\S+?)[.!]?")


def parse(rest: str) -> tuple[StartRequest, str]:
    """The request and the task. Raises Refused with the usage."""
    sentence = _SENTENCE.fullmatch(rest.strip())
    if sentence is not None:
        directory = sentence["dir"]
        name = re.sub(r"[^A-Za-z0-9_-]+", "-", directory.rstrip("/").rpartition("/")[2]).strip("-")
        return StartRequest(name or "work", directory), sentence["task"].strip()
    name, rest = first_word(rest)
    found = _IN_DIR.match(rest)
    if found is not None:
        directory, task = found["dir"].strip("\"'"), rest[found.end() :]
    else:
        directory, task = first_word(rest)
    if not name or not directory:
        raise Refused(f"I need a name and a directory: {_USAGE}")
    return StartRequest(name, directory), task.strip()


async def run(context: Context) -> Notice:
    request, task = parse(context.rest)
    gateway = context.gateway
    there = next((s for s in gateway.roster.live() if s.name == request.name), None)
    if there is not None and there.started_by != context.event:
        return await _to_existing(context, there, task)
    return await gateway.starting.start(request, task, context.principal, context.event)


async def _to_existing(context: Context, session: Session, task: str) -> Notice:
    if not task:
        return reply(f"Session '{session.name}' is there already", session=session.name)
    if session.phase is Phase.SHELL:
        raise Refused(f"session '{session.name}' is there already, without an agent")
    return await context.gateway.prompting.tell(session, task, context.principal, context.event)


COMMAND = Command(
    name="start",
    summary="start an agent in a directory and give it a task",
    usage=_USAGE,
    run=run,
)
