"""From a decision to keys: by label, one key at a time, each only on the screen it is meant for.

There is no list of keys made in advance. ``goal`` says what must be reached; ``next_step`` looks
at the dialog as it stands now and names the one key that brings it closer, or refuses. A dialog
with rows in another order, or one row less, therefore gets other keys or none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from bot.core.agent import Keys
from bot.core.decisions import Decision, Verdict
from bot.core.errors import Refused
from bot.core.goals import Cancel, Goal, Mark, Pick, Write
from bot.core.keys import typable
from bot.core.prompts import (
    ANSWERABLE,
    Choice,
    Kind,
    Prompt,
    Role,
    asked_body,
    fingerprint,
)
from bot.core.prompts import squeezed as squeezed
from bot.core.redraws import without_patterns
from bot.core.sameness import same_text
from bot.core.scrolling import SOMEWHERE, way_to

TEXT = "text"
"""``Key.words`` of a person's own text: what it says is in no log."""

MAX_STEPS = 40
"""More keys than any dialog needs: a guard against a caret that does not move."""

_APPROVING = {Kind.APPROVAL: Role.ALLOW_ONCE, Kind.PLAN: Role.ALLOW_ONCE, Kind.TRUST: Role.ACCEPT}
ALLOWING = frozenset(
    {
        Role.ALLOW_ONCE,
        Role.ALLOW_ALWAYS,
        Role.ALLOW_AND_CHANGE_MODE,
        Role.ACCEPT,
        Role.ACCEPT_ALWAYS,
    }
)


@dataclass(frozen=True, slots=True)
class Key:
    """The one thing to send now. ``deciding``: after it the prompt counts as answered."""

    data: bytes
    words: str
    deciding: bool = False
    types: bool = False
    line: str = ""
    """The word that it types. Enter must follow once the word stands there alone."""


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
        raise Refused(
            "this prompt offers no “always”: approve, deny or choose a row by its number"
        )
    return row


def _deny(prompt: Prompt, reason: str) -> Goal:
    no = prompt.with_role(Role.DENY) or prompt.with_role(Role.FEEDBACK)
    line = one_line(reason)
    has_field = prompt.takes_reason or (no is not None and no.role is Role.FEEDBACK)
    if line and no is not None and has_field:
        if _says_yes(no):
            raise Refused("its row for no begins with “Yes”: please use the terminal")
        return Write(no, line)
    if prompt.cancel_denies:
        return Cancel()
    row = no or prompt.with_role(Role.CANCEL)
    if row is None or _says_yes(row):
        raise Refused("it has no row that says no: please use the terminal")
    if row.role is Role.FEEDBACK:
        raise Refused(f"row {row.n} wants words: deny it with a reason")
    return Pick(row)


def _says_yes(row: Choice) -> bool:
    return squeezed(row.label).casefold().startswith("yes")


def one_line(text: str) -> str:
    """A person's text as it may be typed into a field: there, a line end or a tab is a key."""
    return " ".join(typable(text).decode().split())


def _choose(prompt: Prompt, numbers: tuple[int, ...]) -> Goal:
    rows = {choice.n: choice for choice in prompt.choices}
    missing = [str(number) for number in numbers if number not in rows]
    if missing and prompt.unseen_rows:
        raise Refused(f"row {', '.join(missing)} has not been in sight: look at all of them first")
    if missing or not numbers:
        raise Refused(f"there is no row {', '.join(missing) or '0'}: rows are 1 to {len(rows)}")
    wanted = [rows[number] for number in dict.fromkeys(numbers)]
    wordy = next((row for row in wanted if row.role in (Role.OTHER, Role.FEEDBACK)), None)
    if wordy is not None:
        raise Refused(f"row {wordy.n} wants words: answer with your own text")
    if prompt.multiple and any(row.role is Role.ALL for row in wanted):
        wanted = _all_boxes(prompt)
    if prompt.multiple and all(row.checked is not None for row in wanted):
        return _marks(prompt, wanted)
    if len(wanted) > 1:
        raise Refused("only one answer can be chosen here")
    row = wanted[0]
    if prompt.scrolls and row.role is Role.SUBMIT:
        return Mark(frozenset(), row)  # and not what somebody has ticked out of sight
    return _allow(prompt, row) if row.role in ALLOWING else Pick(row)


def _all_boxes(prompt: Prompt) -> list[Choice]:
    if prompt.unseen_rows:
        raise Refused("not all of its rows have been in sight: look at all of them first")
    return [row for row in prompt.choices if row.checked is not None]


def _marks(prompt: Prompt, wanted: Sequence[Choice]) -> Mark:
    submit = prompt.with_role(Role.SUBMIT)
    if submit is None:
        raise Refused("I can't see the row that submits these answers")
    boxes = Counter(squeezed(row.label) for row in prompt.choices if row.checked is not None)
    labels = frozenset(squeezed(row.label) for row in wanted)
    if any(boxes[label] > 1 for label in labels):
        raise Refused("two of its rows read alike: please use the terminal")
    return Mark(labels, submit)


def _answer(prompt: Prompt, text: str) -> Goal:
    row = prompt.with_role(Role.OTHER) or prompt.with_role(Role.FEEDBACK)
    if row is None and prompt.scrolls:
        row = SOMEWHERE
    if row is None:
        raise Refused("it takes no text of your own: choose one of its rows")
    line = one_line(text)
    if not line:
        raise Refused("there is no text to answer with")
    return Write(row, line)


def same_dialog(seen: Prompt, now: Prompt, aim: Goal) -> bool:
    """Whether ``now`` is the dialog that was decided on, save for our own text in its field, and
    for what a row would grant that was not chosen."""
    own = aim.row.n if isinstance(aim, Write) else 0
    seen, now = _without_grants(seen, aim), _without_grants(now, aim)
    if (seen.kind, seen.tool, seen.scrolls) != (now.kind, now.tool, now.scrolls):
        return False
    pairs = _rows_in_both(seen, now)
    if pairs is None:
        return False
    widths = (seen.width, now.width)
    texts = [
        (seen.subject, now.subject),
        (seen.question, now.question),
        (asked_body(seen), asked_body(now)),
    ]
    texts += [(a.label, b.label) for a, b in pairs if a.n != own]
    return all(a.role is b.role for a, b in pairs) and all(
        same_text(before, after, widths) for before, after in texts
    )


def _rows_in_both(seen: Prompt, now: Prompt) -> list[tuple[Choice, Choice]] | None:
    """Each row then and now; None where there are more or less. Of a list that scrolls, the
    answers that are in sight both times: by their numbers, which never change."""
    if not seen.scrolls:
        same = len(seen.choices) == len(now.choices)
        return list(zip(seen.choices, now.choices, strict=True)) if same else None
    passed = (Role.SUBMIT, Role.OTHER)
    known = {row.n: row for row in now.choices if row.role not in passed}
    answers = (row for row in seen.choices if row.role not in passed)
    return [(row, known[row.n]) for row in answers if row.n in known]


def same_prompt(seen: Prompt, now: Prompt, aim: Goal) -> bool:
    """The same to the fingerprint: before the first key nothing of ours stands in it."""
    before, after = _without_grants(seen, aim), _without_grants(now, aim)
    return fingerprint(before) == fingerprint(after)


def _without_grants(prompt: Prompt, aim: Goal) -> Prompt:
    is_granting = isinstance(aim, Pick) and aim.row.role is Role.ALLOW_ALWAYS
    return prompt if is_granting else without_patterns(prompt)


def next_step(aim: Goal, now: Prompt, keys: Keys, *, written: bool = False) -> Key:
    """The one key for the dialog as it stands now: of a list that scrolls, ``joined`` of all that
    was in sight since the first key. Raises Refused.

    ``written``: our text has been sent to the field already."""
    match aim:
        case Cancel():
            _nobody_types(now)
            return Key(keys.escape, "Esc", deciding=True)
        case Pick(row):
            _nobody_types(now)
            if row.word:
                return _word(row, now)
            return _taken(row, now, keys)
        case Write(row, text):
            return _write_step(row, text, now, keys, written=written)
        case Mark(labels, submit):
            _nobody_types(now)
            return _mark_step(labels, submit, now, keys)
        case _:
            assert_never(aim)


_FIELDS = frozenset({Role.OTHER, Role.FEEDBACK, Role.ALLOW_ALWAYS})
"""Rows that are text fields as soon as the caret stands on them (Claude Code 2.1.197, 2.1.329).
Passing over one types nothing; text in it changes its label, and so the dialog."""


def _nobody_types(now: Prompt) -> None:
    caret = now.selected
    if now.typing and (caret is None or caret.role not in _FIELDS):
        raise Refused("somebody is typing into this dialog at the terminal")


def _word(row: Choice, now: Prompt) -> Key:
    """The word counts as the answer: some programs take it without Enter."""
    word = _find(row, now).word
    if now.typed:
        raise Refused("somebody is typing into this dialog at the terminal")
    return Key(word.encode(), word, deciding=True, line=word)


def _taken(row: Choice, now: Prompt, keys: Keys) -> Key:
    """Enter once the caret is on the row, and Tab where that is the way."""
    if not (row.by_tab or row.by_enter):
        return _toward(row, now, keys) or Key(keys.enter, "Enter", deciding=True)
    if now.typing:
        raise Refused("somebody is typing into this dialog at the terminal")
    _find(row, now)
    if row.by_tab:
        return Key(keys.tab, "Tab", deciding=True)
    if now.selected is None or now.selected.checked is None:
        raise Refused("the caret is on no box, where Enter would do something else")
    return Key(keys.enter, "Enter", deciding=True)


def _toward(row: Choice, now: Prompt, keys: Keys) -> Key | None:
    """One arrow key toward the row of that label and role; None when the caret is on it."""
    if now.scrolls:
        by = way_to(row, now)
        return None if by == 0 else step_along(by, keys)
    target = _find(row, now)
    marked = [choice for choice in now.choices if choice.selected]
    if len(marked) != 1:
        raise Refused("I can't see which row is marked")
    caret = marked[0]
    if caret is target:
        return None
    if now.across:
        return Key(keys.right, "Right") if caret.n < target.n else Key(keys.left, "Left")
    return step_along(target.n - caret.n, keys)


def step_along(by: int, keys: Keys) -> Key:
    return Key(keys.down, "Down") if by > 0 else Key(keys.up, "Up")


def _find(row: Choice, now: Prompt) -> Choice:
    wanted = squeezed(row.label)
    found = [c for c in now.choices if c.role is row.role and squeezed(c.label) == wanted]
    if len(found) != 1:
        raise Refused(f"the row “{row.label}” is not there any more")
    return found[0]


def _write_step(row: Choice, text: str, now: Prompt, keys: Keys, *, written: bool) -> Key:
    caret = now.selected
    in_field = now.typing and caret is not None and _is_that(row, caret)
    if not written and now.scrolls and now.multiple:
        # with the words goes what is ticked
        ticks = _ticks_step(frozenset(), now, keys)
        if ticks is not None:
            return ticks
    if not in_field:
        _nobody_types(now)
        if written:
            raise Refused("the text field closed before the text was sent")
        return _toward(row, now, keys) or _opening(row, now, keys)
    if not written:
        return Key(text.encode(), TEXT, types=True)
    if caret is None or squeezed(text) not in squeezed(caret.label):
        raise Refused("the text did not arrive whole in the dialog: it was not sent")
    return Key(keys.enter, "Enter", deciding=True)


def _opening(row: Choice, now: Prompt, keys: Keys) -> Key:
    """Tab opens the field of a no. The other fields are open when the caret is on them, where
    Enter on an empty one would answer (Claude Code 2.1.329), or the agent has a key for it."""
    if row.role is Role.OTHER and keys.field:
        return Key(keys.field, "Enter (write)")
    if row.role is not Role.DENY and not now.tab_opens:
        raise Refused("I can't see its text field: please use the terminal")
    return Key(keys.tab, "Tab")


def may_still_open(aim: Goal, now: Prompt, keys: Keys) -> bool:
    """The caret is on the row for own words, whose field opens by itself and is not seen open:
    some agents draw it a moment after the caret (Gemini 0.61.0)."""
    if not isinstance(aim, Write) or now.typing or now.tab_opens or keys.field:
        return False
    caret = now.selected
    return caret is not None and caret.role is Role.OTHER and _is_that(aim.row, caret)


def _is_that(row: Choice, caret: Choice) -> bool:
    return caret.role is row.role and row.n in (0, caret.n)


def _mark_step(labels: frozenset[str], submit: Choice, now: Prompt, keys: Keys) -> Key:
    boxes = Counter(squeezed(c.label) for c in now.choices if c.checked is not None)
    hidden = Counter(labels) - boxes
    # a list that scrolls has all been in sight once it was followed from its first row to its last
    caret = now.selected
    at_end = caret is not None and caret.role is Role.SUBMIT and now.choices[0].n == 1
    is_open = now.scrolls and not at_end
    if hidden and not is_open:
        raise Refused("a row that was chosen is not there any more")
    return _ticks_step(labels, now, keys) or _taken(submit, now, keys)


def _ticks_step(labels: frozenset[str], now: Prompt, keys: Keys) -> Key | None:
    """Toward exactly these boxes ticked; None when they are, as far as is seen."""
    if any(c.role is Role.OTHER and c.checked for c in now.choices):
        raise Refused("somebody has written words of their own there")
    boxes = [c for c in now.choices if c.checked is not None]
    wrong = [c for c in boxes if c.checked != (squeezed(c.label) in labels)]
    if wrong:
        mark = Key(keys.tick, "Space (mark)") if keys.tick else Key(keys.enter, "Enter (mark)")
        return _toward(wrong[0], now, keys) or mark
    return step_along(-1, keys) if now.scrolls and now.choices[0].n > 1 else None
