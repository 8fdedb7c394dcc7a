"""From a decision to keys: by label, one key at a time, each only on the screen it is meant for.

There is no list of keys made in advance. ``goal`` says what must be reached; ``next_step`` looks
at the dialog as it stands now and names the one key that brings it closer, or refuses. A dialog
with rows in another order, or one row less, therefore gets other keys or none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from bot.core.agent import Keys
from bot.core.decisions import Decision, Verdict
from bot.core.errors import Refused
from bot.core.prompts import ANSWERABLE, Choice, Kind, Prompt, Role, canonical

MAX_STEPS = 40
"""More keys than any dialog needs: a guard against a caret that does not move."""

_APPROVING = {Kind.APPROVAL: Role.ALLOW_ONCE, Kind.PLAN: Role.ALLOW_ONCE, Kind.TRUST: Role.ACCEPT}
_ALLOWING = frozenset(
    {
        Role.ALLOW_ONCE,
        Role.ALLOW_ALWAYS,
        Role.ALLOW_AND_CHANGE_MODE,
        Role.ACCEPT,
        Role.ACCEPT_ALWAYS,
    }
)


@dataclass(frozen=True, slots=True)
class Cancel:
    """Escape, where the agent documents it as no."""


@dataclass(frozen=True, slots=True)
class Pick:
    row: Choice


@dataclass(frozen=True, slots=True)
class Write:
    """Text into the row's own field, then Enter."""

    row: Choice
    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Exactly these rows checked, then the row that goes on."""

    labels: frozenset[str]
    submit: Choice


Goal = Cancel | Pick | Write | Mark


@dataclass(frozen=True, slots=True)
class Key:
    """The one thing to send now. ``deciding``: after it the prompt counts as answered."""

    data: bytes
    words: str
    deciding: bool = False
    types: bool = False


def goal(prompt: Prompt, decision: Decision) -> Goal:
    """What a decision means on this prompt. Raises Refused, saying why and what would work."""
    if prompt.kind not in ANSWERABLE:
        raise Refused("I can't read this dialog well enough to answer it: please use the terminal")
    match decision.verdict:
        case Verdict.APPROVE:
            return _allow(prompt, _approving_row(prompt))
        case Verdict.ALWAYS:
            return _allow(prompt, _always_row(prompt))
        case Verdict.DENY:
            return _deny(prompt, decision.text)
        case Verdict.CHOOSE:
            return _choose(prompt, decision.numbers)
        case Verdict.ANSWER:
            return _answer(prompt, decision.text)
        case _:
            assert_never(decision.verdict)


def _allow(prompt: Prompt, row: Choice) -> Pick:
    if not prompt.complete:
        raise Refused(
            "part of it is off the screen, so nobody has seen all of it: "
            "enlarge the pane or answer at the terminal (deny works from here)"
        )
    return Pick(row)


def _approving_row(prompt: Prompt) -> Choice:
    if prompt.kind is Kind.QUESTION:
        row = prompt.with_role(Role.SUBMIT)
        if row is None or prompt.multiple:
            raise Refused("it is a question: choose one of its answers")
        return row
    row = prompt.with_role(_APPROVING[prompt.kind])
    if row is None:
        raise Refused("it has no row that allows just this once")
    return row


def _always_row(prompt: Prompt) -> Choice:
    row = prompt.with_role(Role.ALLOW_ALWAYS) or prompt.with_role(Role.ACCEPT_ALWAYS)
    if row is None:
        raise Refused("this prompt offers no “always”: approve, deny or choose a row by its number")
    return row


def _deny(prompt: Prompt, reason: str) -> Goal:
    no = prompt.with_role(Role.DENY) or prompt.with_role(Role.FEEDBACK)
    if reason and no is not None and prompt.kind in (Kind.APPROVAL, Kind.PLAN):
        return Write(no, reason)
    if prompt.cancel_denies:
        return Cancel()
    if no is None or no.label.lower().startswith("yes"):
        raise Refused("it has no row that says no: please use the terminal")
    return Pick(no)


def _choose(prompt: Prompt, numbers: tuple[int, ...]) -> Goal:
    rows = {choice.n: choice for choice in prompt.choices}
    missing = [str(number) for number in numbers if number not in rows]
    if missing or not numbers:
        raise Refused(f"there is no row {', '.join(missing) or '0'}: rows are 1–{len(rows)}")
    if prompt.multiple and all(rows[number].checked is not None for number in numbers):
        submit = prompt.with_role(Role.SUBMIT)
        if submit is None:
            raise Refused("I can't see the row that submits these answers")
        return Mark(frozenset(rows[number].label for number in numbers), submit)
    if len(numbers) > 1:
        raise Refused("only one answer can be chosen here")
    row = rows[numbers[0]]
    if row.role in (Role.OTHER, Role.FEEDBACK):
        raise Refused(f"row {row.n} wants words: answer with your own text")
    return _allow(prompt, row) if row.role in _ALLOWING else Pick(row)


def _answer(prompt: Prompt, text: str) -> Goal:
    row = prompt.with_role(Role.OTHER) or prompt.with_role(Role.FEEDBACK)
    if row is None:
        raise Refused("it takes no text of your own: choose one of its rows")
    if not text.strip():
        raise Refused("there is no text to answer with")
    return Write(row, text)


def same_dialog(seen: Prompt, now: Prompt, aim: Goal) -> bool:
    """Whether ``now`` is the dialog that was decided on, with at most our own text in its field."""
    own = aim.row.n if isinstance(aim, Write) else 0
    if (seen.kind, seen.tool, len(seen.choices)) != (now.kind, now.tool, len(now.choices)):
        return False
    if canonical(seen.subject) != canonical(now.subject):
        return False
    if canonical(seen.question) != canonical(now.question):
        return False
    if tuple(map(canonical, seen.body)) != tuple(map(canonical, now.body)):
        return False
    pairs = zip(seen.choices, now.choices, strict=True)
    return all(
        a.role is b.role and (a.n == own or canonical(a.label) == canonical(b.label))
        for a, b in pairs
    )


def next_step(aim: Goal, now: Prompt, keys: Keys, *, written: bool = False) -> Key:
    """The one key for the dialog as it stands now. Raises Refused.

    ``written``: our text has been sent to the field already."""
    match aim:
        case Cancel():
            return Key(keys.escape, "Esc", deciding=True)
        case Pick(row):
            _nobody_types(now)
            return _toward(row, now, keys) or Key(keys.enter, "Enter", deciding=True)
        case Write(row, text):
            return _write_step(row, text, now, keys, written=written)
        case Mark(labels, submit):
            _nobody_types(now)
            return _mark_step(labels, submit, now, keys)
        case _:
            assert_never(aim)


def _nobody_types(now: Prompt) -> None:
    if now.typing:
        raise Refused("somebody is typing into this dialog at the terminal")


def _toward(row: Choice, now: Prompt, keys: Keys) -> Key | None:
    """One arrow key toward the row of that label and role; None when the caret is on it."""
    target = _find(row, now)
    if target.selected:
        return None
    caret = now.selected
    if caret is None:
        raise Refused("I can't see which row is marked")
    return Key(keys.down, "Down") if caret.n < target.n else Key(keys.up, "Up")


def _find(row: Choice, now: Prompt) -> Choice:
    wanted = canonical(row.label)
    found = [c for c in now.choices if c.role is row.role and canonical(c.label) == wanted]
    if len(found) != 1:
        raise Refused(f"the row “{row.label}” is not there any more")
    return found[0]


def _write_step(row: Choice, text: str, now: Prompt, keys: Keys, *, written: bool) -> Key:
    caret = now.selected
    in_field = now.typing and caret is not None and caret.n == row.n and caret.role is row.role
    if now.typing and not in_field:
        raise Refused("somebody is typing into this dialog at the terminal")
    if not in_field:
        if written:
            raise Refused("the text field closed before the text was sent")
        opens = Key(keys.tab, "Tab") if row.role is Role.DENY else Key(keys.enter, "Enter")
        return _toward(row, now, keys) or opens
    if not written:
        return Key(text.encode(), "text", types=True)
    if caret is None or squeezed(text) not in squeezed(caret.label):
        raise Refused("the text did not arrive whole in the dialog: it was not sent")
    return Key(keys.enter, "Enter", deciding=True)


def squeezed(text: str) -> str:
    """Without any blanks: wrapping breaks lines inside words, too."""
    return "".join(canonical(text).split())


def _mark_step(labels: frozenset[str], submit: Choice, now: Prompt, keys: Keys) -> Key:
    wrong = [c for c in now.choices if c.checked is not None and c.checked != (c.label in labels)]
    if wrong:
        return _toward(wrong[0], now, keys) or Key(keys.enter, "Enter (mark)")
    return _toward(submit, now, keys) or Key(keys.enter, "Enter", deciding=True)


@dataclass(frozen=True, slots=True)
class Grant:
    """What a row gives beyond this once, in the agent's own words."""

    words: str
    widens: bool
    """More than the command or pattern that stands on the screen."""


def grant(prompt: Prompt, row: Choice) -> Grant | None:
    """None for rows that give nothing beyond this once."""
    if row.role in (Role.ALLOW_AND_CHANGE_MODE, Role.ACCEPT_ALWAYS, Role.DENY_ALWAYS):
        return Grant(row.label, widens=True)
    if row.role is not Role.ALLOW_ALWAYS:
        return None
    label = canonical(row.label).replace("’", "'")
    _, found, pattern = label.partition("don't ask again for: ")
    stem = pattern.removesuffix("*").strip()
    narrow = bool(found and stem) and canonical(prompt.subject).startswith(stem)
    return Grant(row.label, widens=not narrow)
