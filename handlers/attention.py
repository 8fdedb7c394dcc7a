"""attention: how you are told; attention explain CODE: what the rules did to a prompt."""

from __future__ import annotations

from dataclasses import replace

from bot.api import (
    OFF,
    Button,
    Command,
    Context,
    Notice,
    Part,
    alone,
    first_word,
    prompt_named,
    reply,
)


async def run(context: Context) -> Notice:
    word, code = first_word(context.rest)
    if word.lower() in ("explain", "why"):
        return await _explain(replace(context, rest=code))
    alone(context, context.rest)
    steering = context.gateway.steering
    muted = [Button(f"Unmute {name}", f"unmute {name}") for name in steering.muted]
    snoozed = [Button(f"Wake {code}", f"snooze {code} {OFF}") for code in steering.snoozed]
    lines = steering.overview(context.principal)
    return reply("How you are told", Part(lines), buttons=(*muted, *snoozed))


async def _explain(context: Context) -> Notice:
    record, rest = await prompt_named(context)
    alone(context, rest)
    head, *lines = (await context.gateway.steering.explain(record)).splitlines()
    return reply(head, Part("\n".join(lines)), session=record.session)


COMMAND = Command(
    name="attention",
    summary="the rules by which you are told, and why a prompt was told or not",
    usage="attention [explain CODE]",
    run=run,
    looks=True,
)
