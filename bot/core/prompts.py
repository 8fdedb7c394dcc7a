"""A prompt: what an agent asks, as parsed from its screen, and its fingerprint."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from bot.core.ids import Fingerprint


class Kind(StrEnum):
    APPROVAL = "approval"
    QUESTION = "question"
    PLAN = "plan"
    TRUST = "trust"
    MENU = "menu"
    UNREADABLE = "unreadable"


ANSWERABLE = frozenset({Kind.APPROVAL, Kind.QUESTION, Kind.PLAN, Kind.TRUST})


class Role(StrEnum):
    """What choosing a row means, whatever its place or number."""

    ALLOW_ONCE = "allow_once"
    ALLOW_ALWAYS = "allow_always"
    ALLOW_AND_CHANGE_MODE = "allow_and_change_mode"
    DENY = "deny"
    DENY_ALWAYS = "deny_always"
    ANSWER = "answer"
    OTHER = "other"
    CHAT = "chat"
    SUBMIT = "submit"
    CANCEL = "cancel"
    FEEDBACK = "feedback"
    ACCEPT = "accept"
    ACCEPT_ALWAYS = "accept_always"
    BACK = "back"
    ALL = "all"
    """It ticks every box of its list."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One row of a dialog. ``n`` is its place from 1, whether or not a number is printed; 0 for a
    row below others that have not been in sight."""

    n: int
    label: str
    role: Role
    selected: bool = False
    checked: bool | None = None
    """For rows with a check box; None where there is none."""
    detail: str = ""
    """The description an agent prints under the label."""
    rows: tuple[int, ...] = ()
    """Where it stands: indexes into ``Screen.rows``."""
    word: str = ""
    """What is typed, with Enter after it, to choose it; empty where a caret is moved to it."""
    by_tab: bool = False
    """No row at all: Tab goes there from wherever the caret is."""
    by_enter: bool = False
    """No row at all: Enter does it while the caret is on any of the boxes."""
    asks_back: bool = False
    """Choosing it grants nothing yet: the agent says what it would grant, and asks once more."""
    as_shown: bool = False
    """It grants what stands above the rows, word for word, and no more."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What waits on a screen now. ``subject`` is what is asked about: command, file, question."""

    kind: Kind
    agent: str
    tool: str = ""
    subject: str = ""
    question: str = ""
    choices: tuple[Choice, ...] = ()
    body: tuple[str, ...] = ()
    """Everything the dialog shows above its choices, as a person should read it."""
    complete: bool = True
    """False when part of the subject is off the screen."""
    typing: bool = False
    """A text field of the dialog has the focus: characters are typed, not obeyed."""
    span: tuple[int, int] = (0, 0)
    """First row of the dialog and the one after its last: indexes into ``Screen.rows``."""
    takes_reason: bool = False
    """Tab on its row for no opens a field for a reason."""
    tab_opens: bool = False
    """Tab opens a field for words beside any of its rows."""
    cancel_denies: bool = False
    """Escape is documented by this agent as "no" for this dialog."""
    scrolls: bool = False
    """Its rows are a window of a longer list, which moves along with the caret."""
    across: bool = False
    """Its rows stand side by side: the caret goes right and left."""
    typed: str = ""
    """What stands behind a question that is answered by a word."""
    width: int = 0
    """Columns of the pane it was read from; 0 when not known. Not part of what is asked."""

    @property
    def selected(self) -> Choice | None:
        return next((choice for choice in self.choices if choice.selected), None)

    @property
    def multiple(self) -> bool:
        is_below = self.scrolls and self.with_role(Role.SUBMIT) is not None
        return is_below or any(choice.checked is not None for choice in self.choices)

    @property
    def unseen_rows(self) -> bool:
        """Its list has more rows than have been in sight."""
        if not self.scrolls or not self.choices:
            return self.scrolls
        return self.choices[0].n != 1 or self.with_role(Role.OTHER) is None

    @property
    def submits(self) -> bool:
        """Boxes that are ticked need a row that sends them, and that one has to be in sight."""
        return not self.multiple or self.with_role(Role.SUBMIT) is not None

    @property
    def is_line(self) -> bool:
        """A question with the cursor behind it, answered by a word and Enter."""
        return any(choice.word for choice in self.choices)

    def with_role(self, role: Role) -> Choice | None:
        return next((choice for choice in self.choices if choice.role is role), None)


def canonical(text: str) -> str:
    """Text as it compares: NFC, runs of blanks and line breaks made by wrapping as one blank."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def squeezed(text: str) -> str:
    """Without any blanks: wrapping breaks lines inside words, too."""
    return "".join(unicodedata.normalize("NFC", text).split())


_TICKED = str.maketrans("☒☑", "☐☐")


_BAR = re.compile(r"(?m)^ *│ ?")
"""Claude Code 2.1.329 puts it before each row of a command that it has to wrap."""

_TABS = re.compile(r"(?m)^ *← .*[☐✔].* → *$")
"""Claude Code's (2.1.197, 2.1.329) strip of the pages of a question: it shortens their names in a
narrow pane. What a page asks stands below it."""


def asked_body(prompt: Prompt) -> str:
    """The body as it compares: the boxes above a question fill while it is being answered, and
    rows have a bar or none as the pane is wide."""
    body = _BAR.sub("", "\n".join(prompt.body))
    return _TABS.sub("", body.translate(_TICKED)) if prompt.kind is Kind.QUESTION else body


def fingerprint(prompt: Prompt, arguments: str = "") -> Fingerprint:
    """SHA-256 of what is asked and what may be answered; never of highlight, ticks or timers.

    Of a list that scrolls the rows in sight do not count: it is the same list.

    The body counts, too: two edits of one file differ in nothing but their diffs.

    Blanks and line ends do not count, so that a pane of another width shows the same prompt. Two
    commands that differ in nothing but a blank therefore share a fingerprint: it says which card
    belongs to a dialog, and ``same_dialog`` says whether a key may be pressed on it.

    ``arguments``: of the tool, as a hook told them in canonical JSON; they count to the letter."""
    identity = [
        prompt.kind.value,
        prompt.tool,
        squeezed(prompt.subject),
        squeezed(prompt.question),
        squeezed(asked_body(prompt)),
        [] if prompt.scrolls else [squeezed(choice.label) for choice in prompt.choices],
        *([arguments] if arguments else []),
    ]
    blob = json.dumps(identity, separators=(",", ":"))
    return Fingerprint(hashlib.sha256(blob.encode()).hexdigest())
