"""approve NAME|CODE: allow the one thing that was asked, and nothing wider."""

from __future__ import annotations

from bot.api import (
    Command,
    Completes,
    Context,
    Decision,
    Group,
    Notice,
    Verdict,
    alone,
    decide_named,
)


async def run(context: Context) -> Notice:
    def decision(rest: str) -> Decision:
        alone(context, rest, "once", "please")
        return Decision(Verdict.APPROVE)

    return await decide_named(context, decision)


COMMAND = Command(
    name="approve",
    summary="allow what a session asks, once",
    usage="approve NAME|CODE",
    run=run,
    group=Group.DECIDE,
    rank=2,
    aliases=("yes", "allow"),
    completes=Completes.PROMPT,
)
