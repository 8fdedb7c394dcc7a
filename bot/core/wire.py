"""Readings as documents for other programs, and pane facts as they come from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.core.agent import Reading
from bot.core.prompts import Choice, Kind, Prompt, fingerprint
from bot.core.screen import PaneFacts


def reading_document(reading: Reading) -> dict[str, Any]:
    """What ``wingman read --json`` prints. Every key is always there."""
    signals = dict.fromkeys(reading.signals)
    prompt = reading.prompt or Prompt(Kind.UNREADABLE, reading.agent)
    answerable = reading.prompt is not None and prompt.kind is not Kind.MENU
    return {
        "agent": reading.agent,
        "state": reading.state.value,
        "tool": prompt.tool,
        "subject": prompt.subject,
        "question": prompt.question,
        "choices": [_choice_document(choice) for choice in prompt.choices],
        "complete": prompt.complete,
        "typing": prompt.typing,
        "body": list(prompt.body),
        "composer": reading.composer.value,
        "draft": reading.draft,
        "activity": reading.activity,
        "signals": [{"kind": s.kind.value, "text": s.text} for s in signals],
        "fingerprint": fingerprint(prompt) if answerable else "",
    }


def _choice_document(choice: Choice) -> dict[str, Any]:
    document: dict[str, Any] = {
        "n": choice.n,
        "label": choice.label,
        "role": choice.role.value,
        "selected": choice.selected,
    }
    if choice.checked is not None:
        document["checked"] = choice.checked
    if choice.detail:
        document["detail"] = choice.detail
    return document


def pane_facts(given: Mapping[str, object]) -> PaneFacts:
    """Facts under tmux's own names, as numbers or as text. Raises ValueError."""
    return PaneFacts(
        command=str(given.get("command") or ""),
        title=str(given.get("title") or ""),
        cursor_x=_number(given, "cursor_x"),
        cursor_y=_number(given, "cursor_y"),
        cursor_shown=bool(_number(given, "cursor_flag", 1)),
        alternate=bool(_number(given, "alternate_on")),
        in_mode=bool(_number(given, "in_mode")),
        dead=bool(_number(given, "dead")),
        history=_number(given, "history"),
        width=_number(given, "width"),
    )


def pane_document(facts: PaneFacts) -> dict[str, str]:
    """The facts as ``pane_facts`` takes them."""
    return {
        "command": facts.command,
        "title": facts.title,
        "cursor_x": str(facts.cursor_x),
        "cursor_y": str(facts.cursor_y),
        "cursor_flag": str(int(facts.cursor_shown)),
        "alternate_on": str(int(facts.alternate)),
        "in_mode": str(int(facts.in_mode)),
        "dead": str(int(facts.dead)),
        **({"width": str(facts.width)} if facts.width else {}),
    }


def _number(given: Mapping[str, object], name: str, default: int = 0) -> int:
    value = given.get(name)
    if value is None or value == "":
        return default
    try:
        return int(str(int(value)) if isinstance(value, bool) else str(value))
    except ValueError:
        raise ValueError(f"pane.{name} is no number: {value!r}") from None
