"""diff NAME: what has changed in the session's directory since the last commit."""

from __future__ import annotations

from bot.api import (
    Attachment,
    Command,
    Completes,
    Context,
    Group,
    Notice,
    Part,
    PartStyle,
    alone,
    reply,
    safe_name,
    screen_text,
    session_named,
)

SHORT, SHORT_LINES = 3000, 80
"""What is longer goes as a file: nobody reads it in a chat."""
FILES = 30


async def run(context: Context) -> Notice:
    session, rest = session_named(context)
    alone(context, rest)
    changes = await context.gateway.workspace.changes(session.directory)
    if not (changes.stat or changes.untracked):
        title = f"Nothing has changed in '{session.name}' since the last commit"
        return reply(title, session=session.name)
    parts = [Part(_list(changes.stat.splitlines()), PartStyle.TABLE)] if changes.stat else []
    if changes.untracked:
        parts.append(Part(f"New files, not in the diff:\n{_list(changes.untracked)}"))
    patch = screen_text(changes.patch)
    is_long = len(patch) > SHORT or patch.count("\n") > SHORT_LINES
    if patch and not is_long:
        parts.append(Part(patch, PartStyle.DIFF))
    if changes.cut:
        parts.append(Part("⚠️ The diff is too long: its end is missing in the file."))
    name = f"{safe_name(session.name)}.diff"
    file = Attachment(name, "text/x-diff", patch.encode("utf-8", "replace"))
    return reply(
        f"Changes in '{session.name}'",
        *parts,
        session=session.name,
        attachments=(file,) if is_long else (),
    )


def _list(lines: tuple[str, ...] | list[str]) -> str:
    """The last line of git's is the total: it is always there."""
    shown = [screen_text(line) for line in lines]
    if len(shown) > FILES + 1:
        left = len(shown) - FILES
        shown = [*shown[: FILES - 1], f"… {left} more", shown[-1]]
    return "\n".join(shown)


COMMAND = Command(
    name="diff",
    summary="what has changed in its directory since the last commit",
    usage="diff NAME",
    run=run,
    group=Group.LOOK,
    rank=4,
    looks=True,
    completes=Completes.SESSION,
)
