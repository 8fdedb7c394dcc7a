"""choose CODE N[,N]: answer a question or a plan by the numbers of its rows."""

from __future__ import annotations

from bot.api import (
    Command,
    Completes,
    Context,
    Decision,
    Group,
    Notice,
    Refused,
    Verdict,
    decide_named,
    numbers,
)


def _decision(rest: str) -> Decision:
    words = rest.lower().removesuffix(" yes")
    rows = numbers(words)
    if rows is None:
        raise Refused("which row? choose CODE N, or N,N where several can be chosen")
    return Decision(Verdict.CHOOSE, numbers=rows, confirmed=words != rest.lower())


async def run(context: Context) -> Notice:
    return await decide_named(context, _decision)


COMMAND = Command(
    name="choose",
    summary="answer a question or a plan by row number",
    usage="choose CODE N[,N]",
    run=run,
    group=Group.DECIDE,
    rank=5,
    completes=Completes.PROMPT,
)
