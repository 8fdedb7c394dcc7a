"""whoami: as whom the gateway knows this person."""

from __future__ import annotations

from bot.api import Command, Context, Notice, Part, reply


async def run(context: Context) -> Notice:
    person = context.principal
    may = "may look here" if context.occasion.looks_only else "may do everything here"
    elsewhere = person.address not in ("", person.user)
    where = f" · chat {person.address}" if elsewhere else ""
    return reply(f"You are {person.name}", Part(f"{person.id}{where} · {may}"))


COMMAND = Command(name="whoami", summary="as whom I know you", usage="whoami", run=run, looks=True)
