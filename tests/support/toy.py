"""A toy agent for tests of the services: a tiny screen language, and a program that speaks it.

    ask: rm -rf build
    > 1 allow_once Yes
      2 deny No
    [No, because]          (the open text field, if any)
      3 answer [ ] a box

A line ``~`` below the question: what follows is a window of a longer list.
A question begins with ``question:`` instead of ``ask:``, a plan with ``plan:``. A line that asks,
with what was typed behind it, is ``line: delete? y``. A subject that ends with `` [cut]`` goes on
where it cannot be seen, and behind `` [early]`` more may be drawn.

``read_toy`` is its detector; ``ToyAgent`` reacts to key bytes as such dialogs do.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.core import hook_schema
from bot.core.agent import AgentSpec, Composer, Reading, State
from bot.core.prompts import Choice, Kind, Prompt, Role
from bot.core.screen import Screen
from bot.core.signals import Signal, SignalKind

_ROW = re.compile(r"(?P<mark>[> ]) (?P<n>\d+) (?P<role>\w+) (?P<label>.*)")
_LINE = re.compile(r"line: (?P<asks>.*\?)(?P<typed>.*)")
_SIGNAL = re.compile(r":::(?P<kind>[A-Z]+):(?P<text>.*):::")


_HEADS = {
    "ask:": Kind.APPROVAL,
    "question:": Kind.QUESTION,
    "plan:": Kind.PLAN,
    "trust:": Kind.TRUST,
    "unreadable:": Kind.UNREADABLE,
}
_BOXES = {"[ ] ": False, "[x] ": True}


def read_toy(screen: Screen) -> Reading:
    rows = screen.trimmed()
    if screen.pane.dead:
        return Reading("toy", State.DEAD)
    signals = tuple(
        Signal(SignalKind(m["kind"]), m["text"]) for row in rows if (m := _SIGNAL.match(row))
    )
    line = _LINE.fullmatch(rows[-1]) if rows else None
    if line is not None:
        prompt = _asking_line(line, len(rows) - 1)
        return Reading("toy", State.APPROVAL, prompt, signals=signals)
    start = next((i for i, row in enumerate(rows) if row.startswith(tuple(_HEADS))), None)
    if start is not None:
        prompt = _dialog(rows, start)
        early = prompt.subject.endswith(" [early]")
        return Reading("toy", State(prompt.kind.value), prompt, signals=signals, early=early)
    last = rows[-1] if rows else ""
    if last.startswith("working"):
        return Reading("toy", State.WORKING, activity=last, signals=signals)
    if last.startswith("! "):
        draft = last.strip()
        return Reading("toy", State.IDLE, None, Composer.DRAFT, draft, signals=signals, shell=True)
    if last.startswith("> "):
        draft = last[2:].strip()
        composer = Composer.DRAFT if draft else Composer.EMPTY
        return Reading("toy", State.IDLE, composer=composer, draft=draft, signals=signals)
    if last == ">":
        return Reading("toy", State.IDLE, composer=Composer.EMPTY, signals=signals)
    return Reading("", State.SHELL, signals=signals)


def _asking_line(line: re.Match[str], at: int) -> Prompt:
    choices = (
        Choice(1, "Yes", Role.ALLOW_ONCE, word="y"),
        Choice(2, "No", Role.DENY, word="n"),
    )
    return Prompt(
        Kind.APPROVAL,
        "toy",
        subject=line["asks"],
        choices=choices,
        span=(at, at + 1),
        typed=line["typed"].strip(),
    )


def _dialog(rows: tuple[str, ...], start: int) -> Prompt:
    choices: list[Choice] = []
    typing = False
    for at, row in enumerate(rows[start + 1 :], start + 1):
        if row.startswith("["):
            typing = True
            caret = next(i for i, choice in enumerate(choices) if choice.selected)
            old = choices[caret]
            choices[caret] = Choice(old.n, row[1:-1], old.role, True, rows=old.rows)
        found = _ROW.match(row)
        if found:
            selected = found["mark"] == ">"
            n, role = int(found["n"]), Role(found["role"])
            checked = _BOXES.get(found["label"][:4])
            label = found["label"] if checked is None else found["label"][4:]
            choices.append(Choice(n, label, role, selected, checked, rows=(at,)))
    scrolls = "~" in rows[start:]
    head, _, subject = rows[start].partition(":")
    return Prompt(
        _HEADS[f"{head}:"],
        "toy",
        tool="Bash",
        subject=subject.strip().removesuffix(" [cut]"),
        choices=tuple(choices),
        complete=not subject.endswith(" [cut]"),
        typing=typing,
        scrolls=scrolls,
        span=(start, len(rows)),
        cancel_denies=True,
        takes_reason=True,
    )


TOY = AgentSpec(
    "toy",
    "Toy",
    frozenset({"toy"}),
    read_toy,
    launch=("toy",),
    busy_line="esc to interrupt",
    queued_line="^queued: ",
    read_hook=hook_schema.read,
    answer_hook=hook_schema.answer,
)

Row = tuple[Role, str]
YES_NO: tuple[Row, ...] = ((Role.ALLOW_ONCE, "Yes"), (Role.DENY, "No"))
YES_ALWAYS_NO: tuple[Row, ...] = (
    (Role.ALLOW_ONCE, "Yes"),
    (Role.ALLOW_ALWAYS, "Yes, and don't ask again for: make *"),
    (Role.DENY, "No"),
)
STASHED = "draft stashed"
FIELDS = (Role.OTHER, Role.FEEDBACK)
"""Rows that are text fields as soon as the caret stands on them."""


@dataclass
class ToyAgent:
    """``done`` holds what happened, in order: ``("allow_once", "rm -rf build", "")`` …"""

    asks: list[tuple[str, tuple[Row, ...]]] = field(default_factory=list)
    done: list[tuple[str, str, str]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    keys: list[bytes] = field(default_factory=list)
    caret: int = 0
    typed: str | None = None
    boxes: set[int] = field(default_factory=set)
    """Places of the rows that are ticked."""
    draft: str = ""
    busy: bool = False
    spinner: str = "…"
    twice: bool = False
    """Wants a second Escape to interrupt what it does, and says so."""
    window: int = 0
    """How many rows of a list are in sight at a time; 0: all."""
    footer: str = ""
    """Stands below a dialog's rows, and asks nothing."""
    one_letter: bool = False
    """Takes the first letter at a line that asks, without Enter."""
    taken: list[str] = field(default_factory=list)
    """What it got while it was ``silent``."""
    ran: list[str] = field(default_factory=list)
    """What its shell has run, nobody asked: what follows a "!" at the start of the box."""
    commands: tuple[str, ...] = ()
    """Its own commands: with one begun in the box, Enter runs the first that fits."""
    stashed: str = ""
    """A draft that was put by: it is back after the next message, or by the same key."""
    silent: bool = False
    """Takes a text and shows nothing of it."""
    queues: bool = False
    """Takes a text and puts it off, which it shows."""
    frozen: bool = False
    """Takes keys and does not react."""
    frames: list[list[str]] = field(default_factory=list)
    """What the next captures show instead, one each: half a redraw."""
    on_answer: Callable[[], None] = lambda: None

    def ask(self, subject: str, rows: tuple[Row, ...] = YES_NO) -> None:
        """``question: …`` and ``plan: …`` make such dialogs; rows with ``[ ]`` are boxes."""
        self.asks.append((subject, rows))

    def screen(self) -> list[str]:
        if self.asks:
            return [*self.said, *self._drawn()]
        if self.busy and not self.draft:
            put_by = [STASHED] if self.stashed else []
            return [*self.said, *put_by, f"working{self.spinner} esc to interrupt"]
        shell = self.draft.startswith("!")
        box = f"! {self.draft[1:]}" if shell else f"> {self.draft}".rstrip()
        return [*self.said, STASHED, box] if self.stashed else [*self.said, box]

    def _drawn(self) -> list[str]:
        subject, rows = self.asks[0]
        if subject.startswith("line: "):
            return [f"{subject} {self.draft}".rstrip()]
        lines = [subject if subject.startswith(tuple(_HEADS)) else f"ask: {subject}"]
        top = max(0, self.caret - self.window + 1)
        shown = range(top, min(top + self.window, len(rows))) if self.window else range(len(rows))
        lines += ["~"] if self.window else []
        for at in shown:
            role, label = rows[at]
            if at in self.boxes:
                label = label.replace("[ ]", "[x]")
            mark = ">" if at == self.caret else " "
            lines.append(f"{mark} {at + 1} {role.value} {label}")
            if at == self.caret and self.typed is not None:
                lines.append(f"[{label}, {self.typed}]")
        return [*lines, self.footer] if self.footer else lines

    def feed(self, data: bytes, *, paste: bool = False) -> None:
        self.keys.append(data)
        if self.frozen:
            return
        if self.asks and self.asks[0][0].startswith("line: "):
            self._to_line(data)
        elif self.asks:
            self._to_dialog(data)
        elif data == b"\r":
            self._send()
            self.draft, self.stashed = self.stashed, ""
        elif data == b"\x13":
            self.draft, self.stashed = self.stashed, self.draft
        elif data == b"\x1b":
            self.busy, self.twice = self.twice, False
            self.spinner = " again:" if self.busy else self.spinner
        else:
            self.draft += data.decode()

    def _send(self) -> None:
        fits = [name for name in self.commands if name.startswith(self.draft)]
        if self.draft.startswith("!"):
            self.ran.append(self.draft[1:])
        elif self.queues:
            self.said.append(f"queued: {self.draft}")
        elif self.silent:
            self.taken.append(self.draft)
        elif self.draft and fits:
            self.said.append(f"runs {fits[0]}")
        else:
            self.said.append(f"user: {self.draft.strip()}")
        self.draft = ""

    def _to_line(self, data: bytes) -> None:
        self.draft += data.decode()
        if self.one_letter or self.draft.endswith("\r"):
            subject, _ = self.asks.pop(0)
            self.done.append(("line", subject.removeprefix("line: "), self.draft))
            self.draft = ""
            self.on_answer()

    def _to_dialog(self, data: bytes) -> None:
        rows = self.asks[0][1]
        role, label = rows[self.caret]
        if data == b"\x1b":
            self._settle("escape")
        elif data == b"\r" and label.startswith("[ ]"):
            self.boxes ^= {self.caret}
        elif data == b"\r":
            self._settle(role.value)
        elif self.typed is not None and data not in (b"\x1b[A", b"\x1b[B"):
            self.typed += data.decode()
        elif data == b"\t":
            self.typed = ""
        elif data in (b"\x1b[A", b"\x1b[B"):
            self.caret = (self.caret + (1 if data.endswith(b"B") else -1)) % len(rows)
            self.typed = "" if rows[self.caret][0] in FIELDS else None

    def _settle(self, how: str) -> None:
        subject, rows = self.asks.pop(0)
        ticked = ", ".join(rows[at][1].removeprefix("[ ] ") for at in sorted(self.boxes))
        chosen = "" if rows[self.caret][0] is not Role.ANSWER else rows[self.caret][1]
        self.done.append((how, subject, self.typed or ticked or chosen))
        self.caret, self.typed, self.boxes = 0, None, set()
        self.on_answer()
