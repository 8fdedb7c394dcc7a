"""A pane on which a test draws what it likes, as an agent's terminal would look."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.support.toy import ToyAgent

WIDTH, HEIGHT = 120, 40
SPINNER = "✻✶✽✳"


@dataclass
class Canvas(ToyAgent):
    rows: list[str] = field(default_factory=lambda: [""] * HEIGHT)

    def screen(self) -> list[str]:
        return list(self.rows)

    def draw(self, at: int, *lines: str) -> None:
        """Nothing but these lines, from that row on."""
        self.rows = [""] * at + [*lines] + [""] * (HEIGHT - at - len(lines))

    def rest(self, *lines: str) -> None:
        """The lines, and below them an empty input box."""
        self.draw(0, *lines)
        self.rows[34:37] = "─" * WIDTH, "\u276f", "─" * WIDTH

    def spin(self, turn: int) -> None:
        """Only the line of the spinner changes."""
        self.rows[30] = f"{SPINNER[turn % len(SPINNER)]} Thinking {turn // 9}s"


def dialog(command: str) -> Iterable[str]:
    """Claude Code's, about a command."""
    return (
        "─" * 60,
        " Bash command",
        "",
        f"   {command}",
        "   Clean the build",
        "",
        " Do you want to proceed?",
        " \u276f 1. Yes",
        "   2. No, and tell Claude what to do differently",
        "",
        " Esc to cancel",
    )
