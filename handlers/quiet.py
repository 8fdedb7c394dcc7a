"""quiet 22-07: your own quiet hours; quiet off ends them; with ``all`` everybody's."""

from __future__ import annotations

from bot.api import OFF, Button, Command, Context, Group, Notice, Part, reply

_EVERYBODY = ("all", "everybody")


async def run(context: Context) -> Notice:
    steering, by = context.gateway.steering, context.principal
    words = context.rest.lower().split()
    everybody = bool(words) and words[-1] in _EVERYBODY
    said = " ".join(words[:-1] if everybody else words)
    if not said:
        hours = steering.hours(by)
        if hours is None:
            return reply("No quiet hours", Part("Set them with quiet 22-07."))
        return reply(f"Quiet hours: {hours}", buttons=(_ENDS,))
    hours = await steering.quiet(said, by, everybody=everybody)
    whose = "Quiet hours of everybody" if everybody else "Quiet hours"
    if hours is None:
        return reply(f"🔔 {whose} are off")
    return reply(f"🌙 {whose}: {hours}", Part(steering.lets()), buttons=(_ENDS,))


_ENDS = Button("Off", f"quiet {OFF}")

COMMAND = Command(
    name="quiet",
    summary="quiet hours: yours, or everybody's with all at the end",
    usage="quiet 22-07|off [all]",
    run=run,
    group=Group.TOLD,
    rank=4,
)
