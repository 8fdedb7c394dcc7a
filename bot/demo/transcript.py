"""What stands above the input box: the conversation so far, drawn anew for each width."""

from __future__ import annotations

from collections.abc import Callable

from bot.demo.dialogs import Outcome
from bot.demo.layout import ACCENT, BLANK, DIM, MARKER, USER, Row, row, truncate, wrap
from bot.demo.script import Step

Entry = Callable[[int], list[Row]]

INTERRUPTED = "Interrupted · What should Claude do instead?"


def _under(text: str, width: int, style: str = DIM) -> Row:
    return row(truncate(f"  ⎿ \N{NO-BREAK SPACE}{text}", width), style)


def header(version: str, folder: str) -> Entry:
    return lambda width: [
        BLANK,
        row(f" ▐▛███▛█   Claude Code v{version}", ACCENT),
        row("▝▜██████▀  Scripted agent · no model is called", ACCENT),
        row(truncate(f" ▝▝   ▝▝   {folder}", width), ACCENT),
        BLANK,
    ]


def user(text: str) -> Entry:
    def draw(width: int) -> list[Row]:
        first, *rest = wrap(text, width - 3)
        return [BLANK, row(f"{MARKER} {first}", USER), *(row(f"  {line}", USER) for line in rest)]

    return draw


def said(text: str) -> Entry:
    def draw(width: int) -> list[Row]:
        first, *rest = wrap(text, width - 3)
        return [BLANK, row(f"● {first}"), *(row(f"  {line}".rstrip()) for line in rest)]

    return draw


def note(text: str) -> Entry:
    return lambda width: [_under(text, width)]


def finished(seconds: float) -> Entry:
    return lambda width: [BLANK, row(f"✻ Worked for {round(seconds)}s", DIM)]


def waiting_call(step: Step) -> Entry:
    """The call as it stands above its dialog."""
    title, detail = _call(step)

    def draw(width: int) -> list[Row]:
        rows = [BLANK, row(truncate(f"● {title}", width))]
        if detail:
            rows.append(_under(f"$ {detail}", width))
        return rows

    return draw


def _call(step: Step) -> tuple[str, str]:
    match step.kind:
        case "bash":
            return step.text("about") or "Running a command", step.text("bash").split("\n")[0]
        case "edit":
            return f"Update({step.text('edit')})", ""
        case "write":
            return f"Write({step.text('write')})", ""
        case "fetch":
            return f"Fetch({step.text('fetch')})", ""
        case _:
            return "", ""


def settled(step: Step, outcome: Outcome) -> list[Entry]:
    """What replaces a dialog once it is answered."""
    if step.kind == "ask":
        return [_answered(outcome)]
    if step.kind in {"plan", "trust"}:
        verdict = "User approved Claude's plan" if outcome.event != "denied" else "Plan rejected"
        return [said(verdict)] if step.kind == "plan" else []
    if outcome.event != "denied":
        return _ran(step)
    last = INTERRUPTED if outcome.stops else "Not run · rejected"
    title, detail = _call(step)
    if step.kind == "bash":
        return [
            lambda width: [BLANK, row("  Did not run 1 call")],
            note(f"$ {detail}"),
            note(last),
        ]
    return [lambda width: [BLANK, row(truncate(f"● {title}", width))], note(last)]


def _ran(step: Step) -> list[Entry]:
    title, _ = _call(step)
    if step.kind != "bash":
        return [lambda width: [BLANK, row(truncate(f"● {title}", width))], note("Done")]
    output = [note(line) for line in step.lines("output")[:3]]
    return [lambda width: [BLANK, row("  Ran 1 shell command")], *output]


def _answered(outcome: Outcome) -> Entry:
    def draw(width: int) -> list[Row]:
        if not outcome.answers:
            return [BLANK, row("● Declined to answer Claude's questions")]
        lines = [f"· {question} → {answer}" for question, answer in outcome.answers]
        return [
            BLANK,
            row("● Answered Claude's questions:"),
            *(_under(line, width) for line in lines),
        ]

    return draw
