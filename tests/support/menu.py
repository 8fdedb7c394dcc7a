"""A dialog that obeys keys as agents' dialogs do, and the dialogs that real agents show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.core.agent import Keys
from bot.core.prompts import Choice, Kind, Prompt, Role

KEYS = Keys()
OPEN_UNDER_CARET = (Role.OTHER, Role.FEEDBACK)
"""Their fields are open as soon as the caret is there; Enter on an empty one declines
(Claude Code 2.1.197 and 2.1.329)."""
DECLINED = "declined"
OPENS_ON_TAB = (Role.DENY, Role.ALLOW_ONCE)


@dataclass
class Menu:
    """``chosen`` is the label of the row that Enter settled, ``said`` the text that went along."""

    rows: list[Choice]
    caret: int = 0
    wraps: bool = False
    base: Prompt = field(default_factory=lambda: Prompt(Kind.APPROVAL, "claude"))
    typing: bool = False
    typed: str = ""
    chosen: str | None = None
    said: str = ""
    cancelled: bool = False
    leaked: bool = False
    """Text went to a dialog that was not listening for it."""

    @classmethod
    def of(cls, prompt: Prompt, caret: int = 0, *, wraps: bool = False) -> Menu:
        menu = cls([replace(c, selected=False) for c in prompt.choices], caret, wraps, base=prompt)
        menu.typing = prompt.choices[caret].role in OPEN_UNDER_CARET
        return menu

    def prompt(self) -> Prompt:
        choices = tuple(
            replace(row, n=at + 1, selected=at == self.caret, label=self._label(row, at))
            for at, row in enumerate(self.rows)
        )
        return replace(self.base, choices=choices, typing=self.typing)

    def _label(self, row: Choice, at: int) -> str:
        if at != self.caret or not self.typing:
            return row.label
        if row.role in OPEN_UNDER_CARET:
            return self.typed or row.label
        return self.typed or f"{row.label}, and tell Claude what to do differently"

    @property
    def settled(self) -> bool:
        return self.chosen is not None or self.cancelled

    def press(self, data: bytes) -> None:
        back, on = (KEYS.left, KEYS.right) if self.base.across else (KEYS.up, KEYS.down)
        actions = {
            back: lambda: self._move(-1),
            on: lambda: self._move(1),
            KEYS.enter: self._enter,
            KEYS.tab: self._tab,
            KEYS.escape: self._escape,
        }
        worded = [row for row in self.rows if row.word and row.word.encode() == data]
        if worded:
            self.chosen = worded[0].label
            return
        actions.get(data, lambda: self._type(data.decode()))()

    def _move(self, by: int) -> None:
        to = self.caret + by
        last = max(at for at, row in enumerate(self.rows) if not row.by_tab)
        self.caret = to % (last + 1) if self.wraps else min(max(to, 0), last)
        self.typing = self.rows[self.caret].role in OPEN_UNDER_CARET

    def _enter(self) -> None:
        row = self.rows[self.caret]
        if row.role in OPEN_UNDER_CARET and not self.typed:
            self.chosen = DECLINED
        elif self.typing or row.checked is None:
            self.chosen, self.said = row.label, self.typed if self.typing else ""
        else:
            self.rows[self.caret] = replace(row, checked=not row.checked)

    def _tab(self) -> None:
        beyond = next((row for row in self.rows if row.by_tab), None)
        if beyond is not None and not self.typing:
            self.chosen = beyond.label
            return
        self.typing = self.typing or self.rows[self.caret].role in OPENS_ON_TAB

    def _escape(self) -> None:
        in_tab_field = self.typing and self.rows[self.caret].role not in OPEN_UNDER_CARET
        self.cancelled = not in_tab_field
        self.typing = False

    def _type(self, text: str) -> None:
        self.leaked = self.leaked or not self.typing or not text.isprintable()
        self.typed += text

    @property
    def ticked(self) -> list[str]:
        return [row.label for row in self.rows if row.checked]


def dialog(
    kind: Kind,
    rows: Sequence[tuple[str, Role]],
    *,
    ticks: Sequence[bool | None] = (),
    by_tab: bool = False,
    **more: object,
) -> Prompt:
    boxes = [*ticks, *[None] * (len(rows) - len(ticks))]
    choices = tuple(
        Choice(n, label, role, n == 1, box, by_tab=by_tab and role is Role.SUBMIT)
        for n, ((label, role), box) in enumerate(zip(rows, boxes, strict=True), start=1)
    )
    made = Prompt(kind, "claude", "Bash", "npm run build", "Do you want to proceed?", choices)
    made = replace(made, takes_reason=kind is Kind.APPROVAL)
    return replace(made, **more)  # type: ignore[arg-type]


YES = ("Yes", Role.ALLOW_ONCE)
NO = ("No", Role.DENY)
AGAIN = ("Yes, and don’t ask again for: npm run *", Role.ALLOW_ALWAYS)  # noqa: RUF001 - as drawn
MODE = (
    "Yes, and switch to auto mode · auto mode handles these prompts for you",
    Role.ALLOW_AND_CHANGE_MODE,
)

SHAPES: dict[str, Prompt] = {
    "two rows": dialog(Kind.APPROVAL, [YES, NO], cancel_denies=True),
    "three rows": dialog(Kind.APPROVAL, [YES, AGAIN, NO], cancel_denies=True),
    "four rows": dialog(Kind.APPROVAL, [YES, AGAIN, MODE, NO], cancel_denies=True),
    "heredoc": dialog(Kind.APPROVAL, [YES, MODE, NO], cancel_denies=True),
    "no escape": dialog(Kind.APPROVAL, [YES, AGAIN, NO]),
    "no first": dialog(Kind.APPROVAL, [NO, YES, AGAIN]),
    "always first": dialog(Kind.APPROVAL, [AGAIN, MODE, YES, NO]),
    "only wider": dialog(Kind.APPROVAL, [AGAIN, MODE, NO]),
    "deny for ever": dialog(
        Kind.APPROVAL, [YES, ("No, and never ask again", Role.DENY_ALWAYS), NO]
    ),
    "codex": dialog(
        Kind.APPROVAL,
        [
            ("Yes, proceed (y)", Role.ALLOW_ONCE),
            ("Yes, and don't ask again for commands that start with `npm`", Role.ALLOW_ALWAYS),
            ("No, and tell Codex what to do differently (esc)", Role.DENY),
        ],
        cancel_denies=True,
    ),
    "side by side": dialog(
        Kind.APPROVAL,
        [
            ("Allow once", Role.ALLOW_ONCE),
            ("Allow always", Role.ALLOW_ALWAYS),
            ("Reject", Role.DENY),
        ],
        across=True,
        cancel_denies=True,
    ),
    "trust": dialog(
        Kind.TRUST, [("Yes, I trust this folder", Role.ACCEPT), ("No, exit", Role.DENY)]
    ),
    "trust, no first": dialog(
        Kind.TRUST, [("No, exit", Role.DENY), ("Yes, I trust this folder", Role.ACCEPT)]
    ),
    "bypass": dialog(Kind.TRUST, [("No, exit", Role.DENY), ("Yes, I accept", Role.ACCEPT)]),
    "plan": dialog(
        Kind.PLAN,
        [
            ("Yes, and use auto mode", Role.ALLOW_AND_CHANGE_MODE),
            ("Yes, manually approve edits", Role.ALLOW_ONCE),
            ("Tell Claude what to change", Role.FEEDBACK),
        ],
    ),
    "older plan": dialog(
        Kind.PLAN,
        [
            ("Yes, and auto-accept edits", Role.ALLOW_AND_CHANGE_MODE),
            ("Yes, and manually approve edits", Role.ALLOW_ONCE),
            ("No, keep planning", Role.DENY),
        ],
        cancel_denies=True,
    ),
    "question": dialog(
        Kind.QUESTION,
        [
            ("Python", Role.ANSWER),
            ("Go", Role.ANSWER),
            ("Type something.", Role.OTHER),
            ("Chat about this", Role.CHAT),
        ],
        cancel_denies=True,
    ),
    "several": dialog(
        Kind.QUESTION,
        [
            ("Auth", Role.ANSWER),
            ("Logs", Role.ANSWER),
            ("Type something", Role.OTHER),
            ("Next", Role.SUBMIT),
            ("Chat about this", Role.CHAT),
        ],
        ticks=[True, False, False],
        cancel_denies=True,
    ),
    "several, by tab": dialog(
        Kind.QUESTION,
        [("Auth", Role.ANSWER), ("Logs", Role.ANSWER), ("Next", Role.SUBMIT)],
        ticks=[True, False],
        by_tab=True,
        cancel_denies=True,
    ),
    "review": dialog(Kind.QUESTION, [("Submit answers", Role.SUBMIT), ("Cancel", Role.CANCEL)]),
}
