from __future__ import annotations

import json

import pytest

from bot.core.agent import Reading, State
from bot.core.prompts import Choice, Kind, Prompt, Role
from bot.core.signals import Signal, SignalKind
from bot.core.wire import pane_facts, reading_document

PROMPT = Prompt(
    Kind.APPROVAL,
    "claude",
    tool="Bash",
    subject="npm test",
    question="Do you want to proceed?",
    choices=(
        Choice(1, "Yes", Role.ALLOW_ONCE, selected=True),
        Choice(2, "No", Role.DENY, checked=False, detail="really"),
    ),
)


def test_the_document_of_a_prompt() -> None:
    signals = (Signal(SignalKind.DONE, "ok"),)
    document = reading_document(Reading("claude", State.APPROVAL, PROMPT, signals=signals))

    assert json.loads(json.dumps(document)) == document
    assert (document["state"], document["tool"], document["subject"]) == (
        "approval",
        "Bash",
        "npm test",
    )
    assert document["choices"] == [
        {"n": 1, "label": "Yes", "role": "allow_once", "selected": True},
        {
            "n": 2,
            "label": "No",
            "role": "deny",
            "selected": False,
            "checked": False,
            "detail": "really",
        },
    ]
    assert document["complete"] is True
    assert document["signals"] == [{"kind": "DONE", "text": "ok"}]
    assert len(document["fingerprint"]) == 64


def test_the_document_without_a_prompt_has_the_same_keys() -> None:
    empty = reading_document(Reading("claude", State.IDLE))

    assert empty.keys() == reading_document(Reading("claude", State.APPROVAL, PROMPT)).keys()
    assert (empty["choices"], empty["fingerprint"], empty["subject"]) == ([], "", "")


def test_pane_facts_as_tmux_tells_them() -> None:
    facts = pane_facts(
        {"command": "claude", "cursor_x": "3", "cursor_flag": "0", "dead": 1, "in_mode": ""}
    )

    assert (facts.command, facts.cursor_x, facts.cursor_shown) == ("claude", 3, False)
    assert facts.dead
    assert not facts.in_mode


def test_a_fact_that_is_no_number() -> None:
    with pytest.raises(ValueError, match=r"pane\.cursor_x"):
        pane_facts({"cursor_x": "left"})
