"""remind 5m: how long what waits goes untold before it is told again."""

from __future__ import annotations

from bot.api import Command, Context, Group, Notice, Part, Refused, reply, seconds, span_words

_USUAL = ("default", "usual")


async def run(context: Context) -> Notice:
    steering, said = context.gateway.steering, context.rest.lower()
    if said:
        span = 0 if said in _USUAL else seconds(said)
        if span is None or (span == 0 and said not in _USUAL):
            raise Refused(f"“{said}” is no span of time, such as 90s, 5m or 1h")
        await steering.remind(span)
    first = span_words(steering.interval)
    more = Part("Then ever less often, to every 30 min. Once with snooze CODE, never by silence.")
    return reply(f"⏳ The first reminder comes after {first}", more)


COMMAND = Command(
    name="remind",
    summary="how soon what waits is told again",
    usage="remind 5m|default",
    run=run,
    group=Group.TOLD,
    rank=5,
)
