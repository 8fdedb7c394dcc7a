"""snooze CODE [30m]: leave me alone with that one until then."""

from __future__ import annotations

from bot.api import (
    OFF,
    Button,
    Command,
    Completes,
    Context,
    Group,
    Notice,
    PromptRecord,
    Refused,
    prompt_named,
    reply,
    seconds,
    until,
)

USUAL = 1800


async def run(context: Context) -> Notice:
    record, rest = await _meant(context)
    steering = context.gateway.steering
    if rest.lower() == OFF:
        was = await steering.wake(record)
        return reply(
            f"⏰ {record.code} is told again" if was else f"{record.code} was not snoozed"
        )
    span = seconds(rest.removeprefix("for ")) if rest else USUAL
    if span is None:
        raise Refused(f"“{rest}” is no span of time, such as 30m, 1h or 1d")
    end = await steering.snooze(record, span, context.principal)
    return reply(
        f"💤 {record.code} is snoozed until {until(end, context)}",
        buttons=(Button("Not any more", f"snooze {record.code} {OFF}"),),
        session=record.session,
    )


async def _meant(context: Context) -> tuple[PromptRecord, str]:
    """In a reply to a card all words are for that one, unless they begin with a code."""
    words = context.rest
    if context.card is not None and (not words or words.lower() == OFF or seconds(words)):
        return context.card, words
    return await prompt_named(context)


COMMAND = Command(
    name="snooze",
    summary="no reminder of one prompt for a while",
    usage="snooze CODE [30m]",
    run=run,
    group=Group.TOLD,
    rank=3,
    completes=Completes.PROMPT,
)
