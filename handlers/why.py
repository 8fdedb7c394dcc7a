"""why CODE: to whom a prompt was told, when and why, or why not."""

from __future__ import annotations

from bot.api import Command, Completes, Context, Notice, Part, alone, prompt_named, reply


async def run(context: Context) -> Notice:
    record, rest = await prompt_named(context)
    alone(context, rest)
    head, *lines = (await context.gateway.steering.explain(record)).splitlines()
    return reply(head, Part("\n".join(lines)), session=record.session)


COMMAND = Command(
    name="why",
    summary="why a prompt was told or not, and what comes next",
    usage="why CODE",
    run=run,
    aliases=("explain",),
    completes=Completes.PROMPT,
    looks=True,
)
