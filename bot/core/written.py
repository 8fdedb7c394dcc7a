"""Which call of an agent's own record a dialog asks about, where a part of it is off the screen.

Only one that all of what can be seen agrees with, and only if it is the only such call."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.core.hook_prompts import comparable, merged, same_path, without_marks
from bot.core.hooks import Asked, arguments_of, text_in
from bot.core.ids import Fingerprint
from bot.core.prompts import Kind, Prompt, fingerprint, squeezed

_NUMBERED = re.compile(r"( *\d+)(?: ([-+ ]?)(.*))?")
_SCROLLS = re.compile(r"\s+[↓↑]$")
_PLAN_TITLES = frozenset({"Ready to code?", "Here is Claude's plan:"})
_BOXES = str.maketrans("", "", "│┌┬┐├┼┤└┴┘─━•")


@dataclass(frozen=True, slots=True)
class Written:
    """What the record says of a dialog. At most one of them is there."""

    asked: Asked | None = None
    """The call that it asks about."""
    other: Asked | None = None
    """The only call that waits, by a tool of that kind: what stands on the screen is no part of
    it."""


NOTHING_WRITTEN = Written()


def may_be_completed(shown: Prompt) -> bool:
    if shown.complete:
        return False
    return shown.kind is Kind.PLAN or (shown.kind is Kind.APPROVAL and shown.tool in _PARTS)


def written_of(shown: Prompt, waiting: Sequence[Asked]) -> Written:
    if not may_be_completed(shown):
        return NOTHING_WRITTEN
    fitting = [asked for asked in waiting if _is_of(shown, asked)]
    if len(fitting) == 1:
        return Written(fitting[0])
    alone = waiting[0] if len(waiting) == 1 and not fitting else None
    # a plan is drawn in too many ways to say that it is another one
    differs = alone is not None and alone.tool == shown.tool and shown.kind is Kind.APPROVAL
    return Written(other=alone) if differs else NOTHING_WRITTEN


def completed(shown: Prompt, asked: Asked) -> tuple[Prompt, Fingerprint]:
    """The dialog with all of the call. The same call again, under another id, is another one."""
    prompt = merged(shown, asked)
    return prompt, fingerprint(prompt, f"{asked.call} {asked.arguments}")


def _is_of(shown: Prompt, asked: Asked) -> bool:
    if shown.kind is not asked.kind:
        return False
    if shown.kind is Kind.PLAN:
        return _plan(shown, asked)
    return shown.tool == asked.tool and _PARTS[shown.tool](shown, asked)


def _command(shown: Prompt, asked: Asked) -> bool:
    """Its end is what stands above the question, perhaps with the description behind it."""
    command = comparable(asked.subject)
    described = command + comparable(text_in(arguments_of(asked), "description"))
    seen = comparable(shown.subject)
    at = described.rfind(seen)
    return bool(seen) and at >= 0 and at + len(seen) >= len(command)


def _new_file(shown: Prompt, asked: Asked) -> bool:
    """Where it replaces a file, lines of that one stand there as well, with a minus."""
    content = text_in(arguments_of(asked), "content")
    kept = [forms for sign, forms in _lines(shown) if sign != "-"]
    return _names_file(shown, asked) and bool(kept) and _in_order(kept, content.split("\n"))


def _change(shown: Prompt, asked: Asked) -> bool:
    """Lines around it, which it does not change, are not in the call."""
    given, lines = arguments_of(asked), list(_lines(shown))
    gone = [forms for sign, forms in lines if sign == "-"]
    come = [forms for sign, forms in lines if sign == "+"]
    before, after = text_in(given, "old_string"), text_in(given, "new_string")
    agree = _in_order(gone, before.split("\n")) and _in_order(come, after.split("\n"))
    return _names_file(shown, asked) and bool(gone or come) and agree


_PARTS = {"Bash": _command, "Write": _new_file, "Edit": _change}


def _names_file(shown: Prompt, asked: Asked) -> bool:
    return same_path(comparable(shown.subject), asked.subject)


def _lines(shown: Prompt) -> Iterator[tuple[str, frozenset[str]]]:
    """Each line that stands there with a number: its sign, and how it may read. What of a line
    stands above the first number is left out: how it began is not seen."""
    rows = [(row, _NUMBERED.fullmatch(row)) for row in _above_question(shown)]
    width = min((len(found[1]) for _, found in rows if found), default=0)
    texts: list[tuple[str, str, str]] = []
    for row, found in rows:
        if found and len(found[1]) == width:
            texts.append((found[2] or "", found[3] or "", row[width + 1 :]))
        elif texts:
            sign, text, whole = texts[-1]
            texts[-1] = (sign, text + row, whole + row)
    for sign, text, whole in texts:
        # in a new file the first character after the number is the line's own
        yield sign.strip(), frozenset(map(comparable, (text, whole)))


def _in_order(seen: Iterable[frozenset[str]], lines: Sequence[str]) -> bool:
    left = iter([comparable(line) for line in lines])
    return all(any(line in forms for line in left) for forms in seen)


def _plan(shown: Prompt, asked: Asked) -> bool:
    """Rows as a terminal shows Markdown: each a piece of the text, one behind the other."""
    text, at = _bare(asked.plan), 0
    rows = [_SCROLLS.sub("", row) for row in _above_question(shown)]
    pieces = [_bare(row) for row in rows if row.strip() not in _PLAN_TITLES]
    for piece in pieces:
        at = text.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return any(pieces)


def _bare(text: str) -> str:
    return without_marks(text).translate(_BOXES)


def _above_question(shown: Prompt) -> Sequence[str]:
    asks = squeezed(shown.question)
    for start in range(len(shown.body) - 1, -1, -1):
        if asks and squeezed("".join(shown.body[start:])) == asks:
            return shown.body[:start]
    return shown.body
