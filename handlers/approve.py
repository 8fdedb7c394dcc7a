"""approve NAME|CODE: allow the one thing that was asked, and nothing wider."""

from __future__ import annotations

from bot.api import Command, Completes, Context, Decision, Notice, Verdict, decide_named


async def run(context: Context) -> Notice:
    return await decide_named(context, lambda rest: Decision(Verdict.APPROVE))


COMMAND = Command(
    name="approve",
    summary="allow what a session asks, once",
    usage="approve NAME|CODE",
    run=run,
    aliases=("yes", "allow"),
    completes=Completes.PROMPT,
)
