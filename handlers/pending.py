"""pending: what waits for an answer, oldest first."""

from __future__ import annotations

from bot.api import (
    Button,
    ButtonStyle,
    Command,
    Context,
    Group,
    Notice,
    Part,
    PromptRecord,
    PromptState,
    age,
    prompt_card,
    reply,
    reveal,
)


async def run(context: Context) -> Notice:
    live = await context.gateway.approvals.live()
    records = [record for record in live if record.state is PromptState.OPEN]
    if not records:
        return reply("Nothing waits for you ✨")
    now = context.gateway.clock.now()
    lines = [_line(record, age(record.opened_at, now)) for record in records]
    buttons = tuple(button for record in records for button in _buttons(record))
    return reply(f"{len(records)} waiting", Part("\n".join(lines)), buttons=buttons)


def _line(record: PromptRecord, since: str) -> str:
    subject = reveal(record.prompt.subject or record.prompt.question)
    first = subject.splitlines()[0] if subject else record.prompt.kind.value
    short = first if len(first) <= 60 else first[:59] + "…"
    return f"{record.code} · {record.session} · {record.prompt.kind.value} · {since}\n    {short}"


def _buttons(record: PromptRecord) -> tuple[Button, ...]:
    """A short line is not the whole prompt: allowing is offered on the card, one tap away."""
    deny = [b for b in prompt_card(record).buttons if b.style is ButtonStyle.DENY][:1]
    show = Button(f"Show {record.code}", f"status {record.session}")
    return (show, *(Button(f"{b.label} {record.code}", b.command, b.style) for b in deny))


COMMAND = Command(
    name="pending",
    summary="what waits for an answer",
    usage="pending",
    run=run,
    group=Group.DECIDE,
    rank=1,
    looks=True,
    aliases=("waiting",),
)
