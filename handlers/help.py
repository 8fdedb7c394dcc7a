"""help [command]: what can be said here."""

from __future__ import annotations

from bot.api import Button, Command, Completes, Context, Notice, Part, Refused, first_word, reply


async def run(context: Context) -> Notice:
    word, _ = first_word(context.rest)
    commands = context.gateway.commands
    if word:
        wanted = word.lower().lstrip("/")
        found = next((c for c in commands if wanted in (c.name, *c.aliases)), None)
        if found is None:
            raise Refused(f"there is no command '{word}': help lists them")
        return reply(found.usage, Part(found.summary.capitalize()), *_aliases(found))
    lines = "\n".join(f"{command.usage} – {command.summary}" for command in commands)
    tips = "A reply to a card needs no name. NAME may be shortened, or a number of the last list."
    buttons = (Button("sessions", "sessions"), Button("pending", "pending"))
    return reply("What you can say", Part(lines), Part(tips), buttons=buttons)


def _aliases(command: Command) -> tuple[Part, ...]:
    return (Part(f"Also: {', '.join(command.aliases)}"),) if command.aliases else ()


COMMAND = Command(
    name="help",
    summary="what can be said here",
    usage="help [command]",
    run=run,
    completes=Completes.COMMAND,
)
