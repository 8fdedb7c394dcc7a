"""help [command]: what can be said here."""

from __future__ import annotations

from bot.api import (
    LATER,
    Button,
    Command,
    Completes,
    Context,
    Group,
    Notice,
    Part,
    Refused,
    first_word,
    reply,
)

_TIPS = (
    "help COMMAND says more. A reply to a card needs no name. "
    "NAME may be shortened, or a number of the last list."
)


async def run(context: Context) -> Notice:
    word, _ = first_word(context.rest)
    return _one(context, word.lower().lstrip("/")) if word else _all(context)


def _one(context: Context, word: str) -> Notice:
    for command in context.gateway.commands:
        if word in (command.name, *command.aliases):
            also = (Part(f"Also: {', '.join(command.aliases)}"),) if command.aliases else ()
            return reply(command.usage, Part(command.summary.capitalize()), *also)
    if word in LATER:
        raise Refused(f"'{word}' is not in this version; {LATER[word]}")
    raise Refused(f"there is no command '{word}': help lists them")


def _all(context: Context) -> Notice:
    """What is used most comes first, under each heading and among them."""
    commands = sorted(context.gateway.commands, key=lambda command: command.rank)
    groups = [[one for one in commands if one.group is group] for group in Group]
    texts = [
        "\n".join([group.value, *map(_line, those)])
        for group, those in zip(Group, groups, strict=True)
    ]
    buttons = (Button("sessions", "sessions"), Button("pending", "pending"))
    here = context.gateway.tips.get(context.principal.channel, "")
    texts.append(f"{_TIPS} {here}".strip())
    return reply("What you can say", Part("\n\n".join(texts)), buttons=buttons)


def _line(command: Command) -> str:
    return f"{command.usage}: {command.summary}"


COMMAND = Command(
    name="help",
    summary="what can be said here",
    usage="help [command]",
    run=run,
    looks=True,
    completes=Completes.COMMAND,
)
