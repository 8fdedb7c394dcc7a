"""always NAME|CODE: choose the row that also allows the like of it later."""

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

_SURE = ("yes", "confirm", "sure")


async def run(context: Context) -> Notice:
    def decision(rest: str) -> Decision:
        alone(context, rest, *_SURE)
        return Decision(Verdict.ALWAYS, confirmed=rest.lower() in _SURE)

    return await decide_named(context, decision)


COMMAND = Command(
    name="always",
    summary="allow it and the like of it from now on; says first what that grants",
    usage="always NAME|CODE",
    run=run,
    group=Group.DECIDE,
    rank=4,
    completes=Completes.PROMPT,
)
