"""One prompt out of two sources: what a hook says exactly, and what the agent's dialog shows."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.core.hooks import Asked, GrantKind, Question, Suggestion, arguments_of
from bot.core.prompts import Choice, Kind, Prompt, Role
from bot.core.visible import has_hidden

HOOKED = frozenset({Kind.APPROVAL, Kind.QUESTION, Kind.PLAN})
"""Dialogs that an agent's hook is asked about, too."""
OWN_WORDS = "Something else, in your own words"
_DIFFS = frozenset({"Edit", "MultiEdit", "Write", "NotebookEdit"})
_READS = frozenset({"Read", "Glob", "Grep", "LS"})
_ENOUGH = 24
"""Characters of a long text that say which text it is: a dialog may wrap or cut what follows."""
_ALWAYS = frozenset({GrantKind.RULE, GrantKind.DIRECTORY})


# From the hook alone


def prompt_of(asked: Asked, agent: str) -> Prompt:
    """For a dialog that cannot be seen or read. Its choices are what the hook can answer."""
    return Prompt(
        asked.kind,
        agent,
        tool=asked.tool,
        subject=asked.subject,
        question=_QUESTIONS.get(asked.kind, asked.subject),
        choices=_choices(asked),
        body=() if len(asked.questions) == 1 else asked.body,
        takes_reason=True,
        cancel_denies=True,
    )


_QUESTIONS = {
    Kind.APPROVAL: "Do you want to allow this?",
    Kind.PLAN: "Would you like to go on with this plan?",
}


def _choices(asked: Asked) -> tuple[Choice, ...]:
    rows: list[tuple[str, Role, str, bool | None]] = []
    match asked.kind:
        case Kind.QUESTION:
            rows = list(_answer_rows(asked.questions))
        case Kind.PLAN:
            rows = [
                ("Yes, and approve each edit by hand", Role.ALLOW_ONCE, "", None),
                ("No, say what to change", Role.FEEDBACK, "", None),
            ]
        case _:
            rows = [("Yes", Role.ALLOW_ONCE, "", None)]
            rows += [_grant_row(one) for one in asked.suggestions if one.contents]
            rows.append(("No", Role.DENY, "", None))
    return tuple(
        Choice(n, label, role, checked=checked, detail=detail)
        for n, (label, role, detail, checked) in enumerate(rows, 1)
    )


def _grant_row(one: Suggestion) -> tuple[str, Role, str, bool | None]:
    role = Role.ALLOW_ALWAYS if one.kind in _ALWAYS else Role.ALLOW_AND_CHANGE_MODE
    return f"Yes, and {one.words}", role, one.where, None


def _answer_rows(questions: Sequence[Question]) -> Iterator[tuple[str, Role, str, bool | None]]:
    """Several questions at once can only be answered in words."""
    several = False
    if len(questions) == 1:
        several = questions[0].several
        for option in questions[0].options:
            yield option.label, Role.ANSWER, option.detail, False if several else None
    yield OWN_WORDS, Role.OTHER, "", None
    if several:
        yield "Submit", Role.SUBMIT, "", None


# Both together


def merged(screen: Prompt, asked: Asked) -> Prompt:
    """The dialog's own rows with what is asked in full. Only for a pair that ``fits``."""
    if screen.kind is Kind.UNREADABLE:
        return prompt_of(asked, screen.agent)
    alone = prompt_of(asked, screen.agent)
    whole = replace(
        screen, complete=True, tool=asked.tool, subject=asked.subject or screen.subject
    )
    if screen.kind is Kind.QUESTION:
        if screen.complete:
            return replace(whole, subject=screen.subject)
        return replace(alone, span=screen.span, width=screen.width)
    if screen.kind is Kind.PLAN:
        return whole if screen.complete else replace(whole, body=alone.body)
    choices = tuple(_with_reach(choice, asked) for choice in screen.choices)
    return replace(whole, body=_whole_body(screen, asked), choices=choices)


def _with_reach(choice: Choice, asked: Asked) -> Choice:
    """A row that grants more says how far that reaches: dialogs leave it out."""
    grants = grants_of(choice, asked)
    where = "; ".join(dict.fromkeys(one.where for one in grants if one.where))
    return replace(choice, detail=choice.detail or where) if where else choice


def grants_of(choice: Choice, asked: Asked) -> tuple[Suggestion, ...]:
    """The agent's suggestions that a row stands for: all that it offers, each named in the label;
    else none, and the row can only be chosen in the dialog itself."""
    label = comparable(choice.label)
    modes = tuple(one for one in asked.suggestions if one.kind is GrantKind.MODE)
    others = tuple(one for one in asked.suggestions if one.kind is not GrantKind.MODE)
    if choice.role is Role.ALLOW_AND_CHANGE_MODE:
        return modes if len(modes) == 1 and _is_that_mode(label, modes[0]) else ()
    if choice.role is not Role.ALLOW_ALWAYS or not others:
        return ()
    named = [one for one in others if _named(one, label)]
    exact = [one for one in named if label == comparable(f"Yes, and {one.words}")]
    if exact:
        return tuple(exact) if len(exact) == 1 else ()
    return others if len(named) == len(others) else ()


def _named(one: Suggestion, label: str) -> bool:
    return one.kind in _ALWAYS and all(comparable(text) in label for text in one.contents)


def _is_that_mode(label: str, mode: Suggestion) -> bool:
    """Our own row for it, or the dialog's that grants just that (2.1.197, 2.1.329)."""
    if label == comparable(f"Yes, and {mode.words}"):
        return True
    text = label.casefold()
    accepts = text.startswith(("yes,andswitchtoacceptedits", "yes,allowalledits"))
    return accepts and "alwaysallow" not in text and mode.contents == ("acceptEdits",)


def _whole_body(screen: Prompt, asked: Asked) -> tuple[str, ...]:
    """What the dialog says beside, with the exact text in the place of its own rendition."""
    exact = (asked.subject, *asked.body)
    if asked.tool in _DIFFS:
        drawn = screen.complete and not has_hidden("\n".join(exact))
        return screen.body if drawn else asked.body
    if not screen.complete or asked.tool != "Bash":
        return asked.body if not screen.complete else screen.body
    found = _run_of(screen.body, asked.subject)
    if found is None:
        return asked.body
    first, end = found
    return (*screen.body[:first], *asked.subject.split("\n"), *screen.body[end:])


def _run_of(lines: Sequence[str], text: str) -> tuple[int, int] | None:
    """Which lines are that text, however it was wrapped."""
    wanted = comparable(text)
    for first in range(len(lines)):
        if not lines[first].strip():
            continue
        so_far = ""
        for end in range(first + 1, len(lines) + 1):
            so_far += comparable(lines[end - 1].lstrip().removeprefix("│"))
            if so_far == wanted and so_far:
                return first, end
            if not wanted.startswith(so_far):
                break
    return None


# Whether they are of one another


def fits(screen: Prompt, asked: Asked) -> bool:
    """Whether a dialog can be the one of that call: what it shows is part of what is asked.

    One that can't be read may be anything."""
    if screen.kind is Kind.UNREADABLE:
        return True
    if screen.kind is not asked.kind:
        return False
    if screen.kind is Kind.QUESTION:
        shown = comparable(screen.subject)
        return any(_part(shown, one.text, screen.complete) for one in asked.questions)
    if screen.kind is Kind.PLAN:
        shown = without_marks(screen.subject)
        return not asked.plan or shown in without_marks(asked.plan)
    return _same_tool(screen.tool, asked.tool) and _same_call(screen, asked)


def _part(shown: str, text: str, complete: bool) -> bool:
    whole = comparable(text)
    return shown == whole if complete else bool(shown) and shown in whole


def _same_tool(shown: str, asked: str) -> bool:
    if not shown or shown == asked:
        return True
    if shown.startswith("mcp__"):
        return asked.startswith("mcp__") and _server(shown) == _server(asked)
    pairs = {"Edit": {"Edit", "MultiEdit", "NotebookEdit"}, "Read": _READS}
    return asked in pairs.get(shown, ())


def _server(tool: str) -> str:
    name = tool.removeprefix("mcp__").partition("__")[0]
    return "".join(char for char in name.casefold() if char.isalnum())


def _same_call(screen: Prompt, asked: Asked) -> bool:
    shown = comparable(screen.subject)
    if screen.tool in _DIFFS:
        return same_path(shown, asked.subject) and _same_change(screen, asked)
    if screen.tool == "Read":
        return any(same_path(shown, text) for text in _texts(arguments_of(asked)))
    if not screen.tool or screen.tool.startswith("mcp__"):
        if shown and shown in comparable("\n".join((asked.subject, *asked.body))):
            return True
        page = comparable("\n".join((screen.subject, *screen.body)))
        texts = [comparable(text) for text in _texts(arguments_of(asked))]
        return all(text[:_ENOUGH] in page or text[-_ENOUGH:] in page for text in texts)
    return _part(shown, asked.subject, screen.complete)


def same_path(shown: str, path: str) -> bool:
    tail = shown.removeprefix("~")
    while tail.startswith(("../", "./")):
        tail = tail[tail.index("/") + 1 :]
    whole = comparable(path)
    return bool(tail) and (whole == tail or whole.endswith("/" + tail.lstrip("/")))


def _same_change(screen: Prompt, asked: Asked) -> bool:
    """Two edits of one file differ in their lines: the beginning of each must be there."""
    if not screen.complete:
        return True
    page = comparable("\n".join(screen.body))
    changed = [line[1:] for line in asked.body if line.startswith(("+", "-"))]
    return all(comparable(line)[:_ENOUGH] in page for line in changed)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


_MARKS = str.maketrans("", "", "#*_`->|[]()")


def without_marks(text: str) -> str:
    """Markdown as a terminal shows it."""
    return comparable(text).translate(_MARKS)


def comparable(text: str) -> str:
    """Without blanks, and without what a terminal does not show or shows as a question mark."""
    composed = unicodedata.normalize("NFC", text).replace("\u2019", "'")
    kept = (c for c in composed if not c.isspace() and unicodedata.category(c)[0] != "C")
    return "".join(kept).replace("\ufffd", "")
