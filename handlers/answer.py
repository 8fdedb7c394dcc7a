"""answer CODE text: answer a question, or send a plan back, in words of one's own."""

from __future__ import annotations

from bot.api import Command, Completes, Context, Decision, Group, Notice, Verdict, decide_named


def _decision(rest: str) -> Decision:
    return Decision(Verdict.ANSWER, " ".join(rest.split()))


async def run(context: Context) -> Notice:
    return await decide_named(context, _decision)


COMMAND = Command(
    name="answer",
    summary="answer a question in your own words",
    usage="answer CODE text",
    run=run,
    group=Group.DECIDE,
    rank=6,
    completes=Completes.PROMPT,
)
