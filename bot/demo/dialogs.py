"""Dialogs with a list of rows: permission, plan and trust. What each key does is measured on the
real agent; see docs/explanation/claude-keys.md."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from bot.demo.keys import Key
from bot.demo.layout import ACCENT, BLANK, DIM, MARKER, PLAIN, Row, clip, row, wrap


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a dialog ended. ``stops``: the turn is over, the agent waits for the person."""

    event: str
    reason: str = ""
    stops: bool = False
    mode: str = ""
    answers: tuple[tuple[str, str], ...] = ()


class Dialog(Protocol):
    id: str

    def press(self, key: Key) -> Outcome | None:
        """The outcome, if this key ended the dialog."""

    def draw(self, width: int, height: int) -> list[Row]: ...


@dataclass(slots=True)
class Option:
    """One row. With ``opens`` set it holds a text field: opened by Tab, or by the caret alone."""

    label: str
    event: str
    note: str = ""
    below: str = ""
    mode: str = ""
    opens: str = ""
    placeholder: str = ""
    text: str = ""
    open: bool = False
    shortcut: bool = False
    """shift+Tab chooses this row."""

    def shown(self) -> tuple[str, str]:
        """The label as drawn: what stands fixed, and what is in the field."""
        if self.opens == "caret":
            return self.label, self.text or self.placeholder
        if self.open:
            return f"{self.label}, ", self.text or self.placeholder
        return self.label, ""


@dataclass(slots=True)
class ListDialog:
    """``head`` draws everything above the rows, for a width and the height that is left."""

    id: str
    head: Callable[[int, int], list[Row]]
    options: list[Option]
    numbered: bool = True
    margin: int = 1
    footer: Callable[[ListDialog], str] = field(default=lambda dialog: "")
    wraps_down: bool = False
    overrun: bool = False
    """Down on the last row counts, and takes as many Ups to undo; so does a digit too large."""
    caret: int = 0
    over: int = 0
    cancelled: Outcome = field(default=Outcome("denied", stops=True))

    @property
    def current(self) -> Option:
        return self.options[self.caret]

    @property
    def typing(self) -> bool:
        return self.current.open or self.current.opens == "caret"

    def press(self, key: Key) -> Outcome | None:
        if key.name == "escape":
            return self.cancelled
        if key.name == "enter":
            return self._choose(self.current)
        if key.name in {"up", "ctrl-p", "down", "ctrl-n"}:
            self._move(-1 if key.name in {"up", "ctrl-p"} else 1)
        elif key.name == "tab":
            self._tab()
        elif key.name == "backtab":
            return self._shift_tab()
        elif self.typing:
            self._type(key)
        elif key.name == "char":
            return self._letter(key.text)
        return None

    def _move(self, step: int) -> None:
        target = self.caret + self.over + step
        last = len(self.options) - 1
        if target > last and not self.wraps_down:
            self.over = target - last if self.overrun else 0
            target = last
        else:
            self.over = 0
        self.caret = target % len(self.options)

    def _tab(self) -> None:
        if self.current.opens == "tab":
            self.current.open = not self.current.open

    def _shift_tab(self) -> Outcome | None:
        for option in self.options:
            if option.shortcut:
                return self._choose(option)
        self._tab()
        return None

    def _type(self, key: Key) -> None:
        if key.is_text:
            self.current.text += key.text
        elif key.name == "backspace":
            self.current.text = self.current.text[:-1]
        elif key.name == "ctrl-u":
            self.current.text = ""

    def _letter(self, letter: str) -> Outcome | None:
        if letter in "jk":
            self._move(1 if letter == "j" else -1)
        elif letter in "123456789" and self.numbered:
            return self._digit(int(letter))
        return None

    def _digit(self, number: int) -> Outcome | None:
        if number > len(self.options):
            if self.overrun:
                self.caret, self.over = len(self.options) - 1, 1
            return None
        option = self.options[number - 1]
        if option.event == "feedback":
            self.caret = number - 1
            return None
        return self._choose(option)

    def _choose(self, option: Option) -> Outcome:
        said = option.text.strip() if option.open or option.opens == "caret" else ""
        if option.event == "feedback":
            return Outcome("denied", said, stops=not said)
        if option.event == "denied":
            return Outcome("denied", said, stops=not said)
        return Outcome(option.event, said, stops=option.event == "exit", mode=option.mode)

    def draw(self, width: int, height: int) -> list[Row]:
        rows: list[Row] = []
        for index, option in enumerate(self.options):
            rows += self._draw_option(index, option, width)
        footer = self.footer(self)
        indent = " " * self.margin
        lines = wrap(footer, width - 2 * self.margin) if footer else []
        tail = [row(indent + line, DIM) for line in lines]
        if tail:
            rows.append(BLANK)
        head = self.head(width, height - len(rows) - len(tail))
        return clip([*head, *rows], tail, height)

    def _draw_option(self, index: int, option: Option, width: int) -> list[Row]:
        chosen = index == self.caret
        number = f"{index + 1}. " if self.numbered else ""
        hang = self.margin + 2 + len(number)
        fixed, typed = option.shown()
        indent = hang + (len(fixed) if option.open else 0)
        lines = _flow(fixed + typed + option.note, width, hang, indent)
        style = ACCENT if chosen else PLAIN
        marker = (
            (PLAIN, " " * self.margin),
            (ACCENT, f"{MARKER} " if chosen else "  "),
            (DIM, number),
        )
        rows: list[Row] = [(*marker, *_noted(lines[0], option.note, style))]
        rows += [row(" " * indent + line, style) for line in lines[1:]]
        if option.below:
            rows += [row(" " * hang + line, DIM) for line in wrap(option.below, width - hang - 2)]
        return rows


def _flow(text: str, width: int, first: int, rest: int) -> list[str]:
    """Wrapped with another indent from the second line on."""
    head, *more = wrap(text, width - first)
    if not more:
        return [head]
    consumed = text[len(head) :].lstrip(" ")
    if text[len(head) : len(head) + 1] == "\n":
        consumed = text[len(head) + 1 :]
    return [head, *wrap(consumed, width - rest)]


def _noted(line: str, note: str, style: str) -> Row:
    if note and line.endswith(note):
        return (style, line[: -len(note)]), (DIM, note)
    return row(line, style)
