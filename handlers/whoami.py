"""whoami: as whom the gateway knows this person."""

from __future__ import annotations

from bot.api import Command, Context, Notice, Part, reply


async def run(context: Context) -> Notice:
    person = context.principal
    return reply(f"You are {person.name}", Part(f"{person.id} · may do everything here"))


COMMAND = Command(name="whoami", summary="as whom I know you", usage="whoami", run=run)
