"""ping: is anybody there?"""

from __future__ import annotations

from bot.api import Command, Context, Notice, Part, reply


async def run(context: Context) -> Notice:
    count = len(context.gateway.roster.live())
    return reply(
        "pong",
        Part(f"Wingman {context.gateway.version}, {count} session{'s' if count != 1 else ''}"),
    )


COMMAND = Command(name="ping", summary="is anybody there?", usage="ping", run=run, looks=True)
