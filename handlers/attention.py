"""attention: how you are told; attention explain CODE or NAME: what the rules did."""

from __future__ import annotations

from bot.api import (
    OFF,
    Button,
    Command,
    Context,
    Group,
    Notice,
    Part,
    alone,
    explained,
    first_word,
    reply,
)


async def run(context: Context) -> Notice:
    word, rest = first_word(context.rest)
    if word.lower() in ("explain", "why"):
        return await explained(context, rest)
    alone(context, context.rest)
    steering = context.gateway.steering
    muted = [Button(f"Unmute {name}", f"unmute {name}") for name in steering.muted]
    snoozed = [Button(f"Wake {code}", f"snooze {code} {OFF}") for code in steering.snoozed]
    lines = steering.overview(context.principal)
    return reply("How you are told", Part(lines), buttons=(*muted, *snoozed))


COMMAND = Command(
    name="attention",
    summary="the rules by which you are told, and why something was told or not",
    usage="attention [explain CODE|NAME]",
    run=run,
    group=Group.TOLD,
    rank=6,
    looks=True,
)
