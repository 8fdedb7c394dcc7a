"""The input box of a scripted agent."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.demo.keys import Key
from bot.demo.layout import BOX, DIM, MARKER, PLAIN, Row, row, rule, width_of, wrap

NBSP = "\N{NO-BREAK SPACE}"
_MODES = ("manual", "accept edits", "plan", "auto")
_SIGNS = {"manual": "⏸", "plan": "⏸"}
_PASTE_CHARACTERS = 800
_PASTE_BREAKS = 2


@dataclass(slots=True)
class Composer:
    draft: str = ""
    mode: str = "manual"
    hidden: dict[str, str] = field(default_factory=dict)
    """Large pastes by the placeholder that stands for them."""
    pastes: int = 0

    def type(self, key: Key) -> str | None:
        """Takes the key; the whole message if it was sent with it."""
        if key.name == "enter":
            return self._send()
        if key.name == "paste":
            self.draft += self._folded(key.text)
        elif key.is_text:
            self.draft += key.text
        elif key.name == "newline":
            self.draft += "\n"
        elif key.name == "backspace":
            self.draft = self.draft[:-1]
        elif key.name in {"ctrl-u", "ctrl-c"}:
            self.draft = ""
        return None

    def _folded(self, text: str) -> str:
        lines = text.count("\n")
        if lines <= _PASTE_BREAKS and len(text) <= _PASTE_CHARACTERS:
            return text
        self.pastes += 1
        more = f" +{lines} lines" if lines else ""
        name = f"[Pasted text #{self.pastes}{more}]"
        self.hidden[name] = text
        return name

    def _send(self) -> str | None:
        message = self.draft
        for name, text in self.hidden.items():
            message = message.replace(name, text)
        if not message.strip():
            return None
        self.draft = ""
        return message

    def cycle(self) -> str:
        place = _MODES.index(self.mode) if self.mode in _MODES else -1
        self.mode = _MODES[(place + 1) % len(_MODES)]
        return self.mode

    def draw(self, width: int, *, working: bool, new: bool, placeholder: str = "") -> list[Row]:
        lines = [line for part in self.draft.split("\n") for line in wrap(part, width - 3)]
        first = lines[0] if self.draft else placeholder
        style = PLAIN if self.draft else DIM
        rows = [rule(width, style=BOX), ((PLAIN, f"{MARKER}{NBSP}"), (style, first))]
        rows += [row("  " + line) for line in lines[1:]]
        return [*rows, rule(width, style=BOX), row(self._mode_line(width, working, new), DIM)]

    def _mode_line(self, width: int, working: bool, new: bool) -> str:
        parts = []
        if new or self.mode != "manual":
            parts.append(f"{_SIGNS.get(self.mode, '⏵⏵')} {self.mode} mode on")
        if self.mode == "accept edits":
            parts = ["⏵⏵ accept edits on"]
        if working and not self.draft:
            parts.append("esc to interrupt")
        elif not self.draft:
            parts += ["? for shortcuts", "← for agents"]
        line = "  " + " · ".join(parts)
        return line if width_of(line) < width else line[: width - 2] + "…"
