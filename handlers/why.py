"""why CODE: to whom a prompt was told, when and why, or why not; why NAME: the same of all that a
session had to tell; why: what was held back lately."""

from __future__ import annotations

from bot.api import Command, Completes, Context, Group, Notice, explained


async def run(context: Context) -> Notice:
    return await explained(context, context.rest)


COMMAND = Command(
    name="why",
    summary="why something was told or not, and what comes next",
    usage="why [CODE|NAME]",
    run=run,
    group=Group.LOOK,
    rank=5,
    aliases=("explain",),
    completes=Completes.PROMPT,
    looks=True,
)
