"""Golden screens: recorded text in, what a reading must say beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.core.agent import AgentSpec, Reading, State
from bot.core.answering import squeezed
from bot.core.prompts import Choice
from bot.core.reading import may_run
from bot.core.screen import Screen
from bot.core.wire import pane_facts

SCREENS = Path(__file__).parent.parent / "agents" / "screens"


@dataclass(frozen=True, slots=True)
class Golden:
    name: str
    text: str
    ansi: str | None
    pane: dict[str, str]
    expected: dict[str, Any]

    @property
    def screen(self) -> Screen:
        return Screen.of(self.text, pane_facts(self.pane), self.ansi)

    @property
    def bare(self) -> Screen:
        """As a file on its own: no colours, nothing known of the pane."""
        return Screen.of(self.text)


def golden_screens(agent: str) -> list[Golden]:
    return list(_load(SCREENS / agent))


def _load(folder: Path) -> Iterator[Golden]:
    for file in sorted(folder.glob("*.txt")):
        beside = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
        ansi = file.with_suffix(".ansi")
        yield Golden(
            name=file.stem,
            text=file.read_text(encoding="utf-8"),
            ansi=ansi.read_text(encoding="utf-8") if ansi.exists() else None,
            pane=beside["pane"],
            expected=beside["expected"],
        )


def leaves_alone(spec: AgentSpec, screen: Screen) -> bool:
    """Whether an agent does not take another one's screen for its own. What runs under a name
    that both may have is told by the screens that they claim."""
    pane = screen.pane
    other = spec.read_screen(screen).state in (State.SHELL, State.DEAD)
    shared = may_run(spec, pane.command, pane.title)
    return other or (shared and not spec.claims(screen))


def choice_as(wanted: dict[str, Any], choice: Choice) -> dict[str, Any]:
    return {key: getattr(choice, key) for key in wanted}


def same_text(one: str, other: str) -> bool:
    """Equal but for how the screen wrapped it."""
    return squeezed(one) == squeezed(other)


def check(reading: Reading, golden: Golden) -> None:
    """Every word of the expectation beside a recorded screen."""
    wanted, prompt = golden.expected, reading.prompt
    assert reading.state.value == wanted["state"]
    if "composer" in wanted:
        found = (reading.composer.value, reading.draft, reading.activity)
        assert found == (wanted["composer"], wanted.get("draft", ""), wanted.get("activity", ""))
    assert [[s.kind.value, s.text] for s in reading.signals] == wanted.get("signals", [])
    if "choices" not in wanted:
        assert prompt is None or not prompt.choices
        return
    assert prompt is not None
    choices = zip(wanted["choices"], prompt.choices, strict=True)
    assert [choice_as(one, choice) for one, choice in choices] == wanted["choices"]
    told = {key: getattr(prompt, key) for key in ("tool", "subject", "complete", "typing")}
    assert told == {key: wanted[key] for key in told}
