"""always NAME|CODE: choose the row that also allows the like of it later."""

from __future__ import annotations

from bot.api import Command, Completes, Context, Decision, Notice, Verdict, decide_named


def _decision(rest: str) -> Decision:
    return Decision(Verdict.ALWAYS, confirmed=rest.strip().lower() in ("yes", "confirm", "sure"))


async def run(context: Context) -> Notice:
    return await decide_named(context, _decision)


COMMAND = Command(
    name="always",
    summary="allow it and the like of it from now on; says first what that grants",
    usage="always NAME|CODE",
    run=run,
    completes=Completes.PROMPT,
)
