"""rows CODE: see all rows of a question whose list is longer than what its agent shows."""

from __future__ import annotations

from dataclasses import replace

from bot.api import (
    Command,
    Completes,
    Context,
    Group,
    Notice,
    PromptState,
    Refused,
    alone,
    prompt_card,
    prompt_named,
)


async def run(context: Context) -> Notice:
    record, rest = await prompt_named(context)
    alone(context, rest)
    if record.state is PromptState.OPEN and not record.prompt.unseen_rows:
        raise Refused(f"all of its rows are on its card already ({record.code})")
    approvals, gateway = context.gateway.approvals, context.gateway
    card = prompt_card(await approvals.see_all_rows(record, context.principal))
    session = gateway.roster.get(record.session)
    return replace(card, attach=gateway.sessions.attach_command(session) if session else "")


COMMAND = Command(
    name="rows",
    summary="see all rows of a question with a long list",
    usage="rows CODE",
    run=run,
    group=Group.DECIDE,
    rank=8,
    completes=Completes.PROMPT,
)
