"""Why somebody was told or not: of a prompt, of a session, or of all that was held back lately."""

from __future__ import annotations

from dataclasses import replace

from bot.core.grammar import first_word
from bot.core.notices import Button, Notice, NoticeKind, Part
from bot.core.records import PromptRecord
from bot.core.sessions import Session
from bot.services.commands import Context
from bot.services.deciding import alone, prompt_coded, session_named


async def explained(context: Context, words: str) -> Notice:
    """``words``: a prompt's code, a session's name or nothing. Raises NotFound, AskBack."""
    target, rest = first_word(words)
    record = await prompt_coded(context.gateway, target) if target else context.card
    if record is not None:
        alone(context, rest)
        return await _of_prompt(context, record)
    if not target and not context.session:
        return await _of_all(context)
    session, rest = session_named(replace(context, rest=words))
    alone(context, rest)
    return await _of_session(context, session)


async def _of_prompt(context: Context, record: PromptRecord) -> Notice:
    head, *lines = (await context.gateway.steering.explain(record)).splitlines()
    parts = (Part("\n".join(lines)),)
    return Notice(NoticeKind.REPLY, head, parts, session=record.session)


async def _of_session(context: Context, session: Session) -> Notice:
    holds, lately = await context.gateway.steering.explain_session(session)
    live = await context.gateway.approvals.live(session.name)
    buttons = tuple(Button(f"Why {record.code}", f"why {record.code}") for record in live)
    said = lately or ["Nothing was to be told of it in the last 24 hours."]
    parts = [Part("\n\n".join(["\n".join(holds), *said]).strip())]
    title = f"What was told of '{session.name}', newest first"
    return Notice(NoticeKind.REPLY, title, tuple(parts), buttons, session=session.name)


async def _of_all(context: Context) -> Notice:
    lately = await context.gateway.steering.explain_all()
    if not lately:
        said = Part("All that there was to tell was just sent. Of one session: why NAME")
        return Notice(NoticeKind.REPLY, "Nothing was held back in the last 24 hours", (said,))
    return Notice(NoticeKind.REPLY, "Held back lately, newest first", (Part("\n\n".join(lately)),))
