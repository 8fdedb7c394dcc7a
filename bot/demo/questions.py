"""Questions of the agent: one or several, single or multiple choice, with review."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.demo.dialogs import Outcome
from bot.demo.keys import Key
from bot.demo.layout import (
    ACCENT,
    BLANK,
    BOLD,
    DIM,
    MARKER,
    PLAIN,
    Row,
    clip,
    row,
    rule,
    truncate,
    wrap,
)
from bot.demo.script import Step

_REVIEW = ("Submit answers", "Cancel")


@dataclass(slots=True)
class Question:
    header: str
    text: str
    options: list[tuple[str, str]]
    multiple: bool
    chosen: list[int] = field(default_factory=list)
    """Places of the chosen options, in the order they stand; ``len(options)`` is the own text."""
    typed: str = ""
    caret: int = 0

    @property
    def other(self) -> int:
        return len(self.options)

    @property
    def submit(self) -> int:
        return len(self.options) + 1 if self.multiple else -1

    @property
    def chat(self) -> int:
        return len(self.options) + (2 if self.multiple else 1)

    @property
    def typing(self) -> bool:
        return self.caret == self.other

    def answer(self) -> str:
        labels = [label for label, _ in self.options]
        return ", ".join([*labels, self.typed][place] for place in sorted(self.chosen))

    def toggle(self, place: int) -> None:
        if place in self.chosen:
            self.chosen.remove(place)
        else:
            self.chosen.append(place)


@dataclass(slots=True)
class QuestionDialog:
    id: str
    questions: list[Question]
    new: bool
    at: int = 0
    review_caret: int = 0
    cancelled: Outcome = field(default=Outcome("denied", stops=True))

    @property
    def tabs(self) -> bool:
        return len(self.questions) > 1 or self.questions[0].multiple

    @property
    def reviewing(self) -> bool:
        return self.at >= len(self.questions)

    def press(self, key: Key) -> Outcome | None:
        if key.name == "escape":
            return self.cancelled
        if self.tabs and key.name in {"tab", "right"}:
            self.at = min(self.at + 1, len(self.questions))
        elif self.tabs and key.name in {"backtab", "left"}:
            self.at = max(self.at - 1, 0)
        elif self.reviewing:
            return self._press_review(key)
        else:
            return self._press_question(self.questions[self.at], key)
        return None

    def _press_review(self, key: Key) -> Outcome | None:
        if key.name in {"up", "down"} or key.text in {"j", "k"}:
            self.review_caret = 1 - self.review_caret
            return None
        chosen = {"1": 0, "2": 1}.get(key.text) if key.name == "char" else None
        if key.name == "enter":
            chosen = self.review_caret
        if chosen is None:
            return None
        return self._answered() if chosen == 0 else self.cancelled

    def _press_question(self, question: Question, key: Key) -> Outcome | None:
        if key.name in {"up", "ctrl-p", "down", "ctrl-n"}:
            _move(question, -1 if key.name in {"up", "ctrl-p"} else 1)
        elif key.name == "enter":
            return self._enter(question)
        elif question.typing:
            _type(question, key)
        elif key.name == "char":
            return self._letter(question, key.text)
        return None

    def _enter(self, question: Question) -> Outcome | None:
        if question.caret == question.chat:
            return Outcome("denied", "chat")
        if question.caret == question.submit:
            return self._advance()
        if question.multiple:
            question.toggle(question.caret)
            return None
        if question.typing and not question.typed.strip():
            return self.cancelled
        return self._pick(question, question.caret)

    def _letter(self, question: Question, letter: str) -> Outcome | None:
        if letter in "jk":
            _move(question, 1 if letter == "j" else -1)
        elif letter == " " and question.multiple and question.caret < question.other:
            question.toggle(question.caret)
        elif letter in "123456789":
            return self._digit(question, int(letter) - 1)
        return None

    def _digit(self, question: Question, place: int) -> Outcome | None:
        if place == question.other + 1:
            return Outcome("denied", "chat")
        if place == question.other:
            question.caret = place
        elif place < question.other and question.multiple:
            question.toggle(place)
        elif place < question.other:
            return self._pick(question, place)
        return None

    def _pick(self, question: Question, place: int) -> Outcome | None:
        question.chosen = [place]
        question.caret = place
        return self._advance()

    def _advance(self) -> Outcome | None:
        self.at += 1
        if self.reviewing and not self.tabs:
            return self._answered()
        return None

    def _answered(self) -> Outcome:
        given = [(question.text, question.answer()) for question in self.questions]
        answers = tuple((text, answer) for text, answer in given if answer)
        return Outcome("answered", "; ".join(answer for _, answer in answers), answers=answers)

    def draw(self, width: int, height: int) -> list[Row]:
        rows = [rule(width, style=DIM), self._draw_tabs(width), BLANK]
        if self.reviewing:
            return clip([*rows, *self._draw_review(width)], (), height)
        question = self.questions[self.at]
        rows += [row(line, BOLD) for line in wrap(question.text, width)]
        rows.append(BLANK)
        for place in range(question.chat + 1):
            rows += self._draw_place(question, place, width)
        tail = [row(line, DIM) for line in wrap(self._footer(question), width)]
        return clip([*rows, BLANK], tail, height)

    def _draw_tabs(self, width: int) -> Row:
        if not self.tabs:
            return row(f" ☐ {self.questions[0].header}", BOLD)
        room = max((width - 14) // len(self.questions) - 3, 5)
        marks = [
            f"{'☒' if question.chosen else '☐'} {truncate(question.header, room)}"
            for question in self.questions
        ]
        return row("←  " + "  ".join([*marks, "✔ Submit"]) + "  →")

    def _draw_review(self, width: int) -> list[Row]:
        rows = [row("Review your answers", BOLD), BLANK]
        if any(not question.chosen for question in self.questions):
            rows += [row("⚠ Some questions are unanswered"), BLANK]
        for question in self.questions:
            if question.chosen:
                rows += [row(f" ● {line}") for line in wrap(question.text, width - 4)[:1]]
                rows.append(row(f"   → {question.answer()}"))
        rows.append(BLANK)
        if not self.new:
            rows += [row("Ready to submit your answers?"), BLANK]
        for place, label in enumerate(_REVIEW):
            rows.append(_numbered(place + 1, label, chosen=place == self.review_caret))
        return rows

    def _draw_place(self, question: Question, place: int, width: int) -> list[Row]:
        chosen = place == question.caret
        if place == question.submit:
            last = self.at + 1 == len(self.questions)
            label = "Submit" if last else "Next"
            return [((ACCENT, f"{MARKER}    " if chosen else "     "), (BOLD, label))]
        if place == question.chat:
            number = question.other + 2
            return [rule(width, style=DIM), _numbered(number, "Chat about this", chosen=chosen)]
        box = ("[✔] " if place in question.chosen else "[ ] ") if question.multiple else ""
        if place == question.other:
            empty = "Type something" if question.multiple else "Type something."
            return [_numbered(place + 1, box + (question.typed or empty), chosen=chosen)]
        label, about = question.options[place]
        indent = (9 if self.new else 2) if question.multiple else 5
        below = [row(" " * indent + line, DIM) for line in wrap(about, width - indent - 1)]
        return [_numbered(place + 1, box + label, chosen=chosen), *(below if about else ())]

    def _footer(self, question: Question) -> str:
        arrows = "Tab/Arrow keys" if len(self.questions) > 1 else "↑/↓"
        edits = question.typing or question.caret == question.submit or question.typed
        editor = " · ctrl+g to edit in Vim" if edits else ""
        return f"Enter to select · {arrows} to navigate{editor} · Esc to cancel"


def _move(question: Question, step: int) -> None:
    """Up from the first row goes to the own text; Down stays on the last."""
    target = question.caret + step
    question.caret = question.other if target < 0 else min(target, question.chat)


def _type(question: Question, key: Key) -> None:
    if key.is_text:
        question.typed += key.text
    elif key.name == "backspace":
        question.typed = question.typed[:-1]
    if question.multiple and bool(question.typed) != (question.other in question.chosen):
        question.toggle(question.other)


def _numbered(number: int, label: str, *, chosen: bool) -> Row:
    style = ACCENT if chosen else PLAIN
    return (ACCENT, f"{MARKER} " if chosen else "  "), (DIM, f"{number}. "), (style, label)


def ask(step: Step, version: str) -> QuestionDialog:
    given = step.fields.get("ask")
    asked = given if isinstance(given, list) else [given]
    questions = [_question(item) for item in asked if isinstance(item, dict)]
    return QuestionDialog(step.id, questions, new=version == "2.1.329")


def _question(item: dict[str, object]) -> Question:
    options = item.get("options")
    pairs = [
        (str(option[0]), str(option[1])) if isinstance(option, list) else (str(option), "")
        for option in (options if isinstance(options, list) else [])
    ]
    return Question(
        str(item.get("header", "")), str(item.get("question", "")), pairs, bool(item.get("multi"))
    )
