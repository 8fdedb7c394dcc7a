"""What the scripted agent draws is read as the real agent's screens are."""

from __future__ import annotations

from typing import Any

import pytest

from bot.agents.claude import AGENT
from bot.core.agent import Composer, Reading, State
from bot.core.prompts import Prompt, Role
from bot.core.signals import SignalKind
from tests.demo.actor import Actor
from tests.demo.conftest import Play
from tests.demo.test_agent import BASH, CHECKS, DATABASE, EDIT, NEW, OLD, PLAN, TRUST

pytestmark = pytest.mark.tmux

WRITE = {"write": "src/new.py", "content": "a = 1\n"}
FETCH = {"fetch": "https://example.test/docs", "prompt": "Sum up"}
SINGLE = {"ask": [DATABASE]}
MULTIPLE = {"ask": [CHECKS]}
YES, ALL = Role.ALLOW_ONCE, Role.ALLOW_AND_CHANGE_MODE


def read(actor: Actor) -> Reading:
    return AGENT.read_screen(actor.screen())


def prompt(actor: Actor) -> Prompt:
    """The dialog, once it stands."""
    actor.until(lambda: bool(actor.log("shown")), actor.text)
    actor.until(lambda: read(actor).prompt is not None, actor.text)
    found = read(actor).prompt
    assert found is not None
    return found


@pytest.mark.parametrize("width", [45, 80, 120, 200])
@pytest.mark.parametrize("version", [NEW, OLD])
@pytest.mark.parametrize(
    ("step", "state", "subject", "roles"),
    [
        (BASH, State.APPROVAL, "npm test", (YES, Role.ALLOW_ALWAYS, ALL, Role.DENY)),
        (EDIT, State.APPROVAL, "src/app.py", (YES, ALL, Role.DENY)),
        (WRITE, State.APPROVAL, "src/new.py", (YES, ALL, Role.DENY)),
        (
            FETCH,
            State.APPROVAL,
            "https://example.test/docs",
            (YES, Role.ALLOW_ALWAYS, Role.DENY),
        ),
        (PLAN, State.PLAN, "Plan", (ALL, YES, Role.FEEDBACK)),
        (SINGLE, State.QUESTION, "", (Role.ANSWER, Role.ANSWER, Role.OTHER, Role.CHAT)),
        (
            MULTIPLE,
            State.QUESTION,
            "",
            (Role.ANSWER, Role.ANSWER, Role.OTHER, Role.SUBMIT, Role.CHAT),
        ),
    ],
    ids=["bash", "edit", "write", "fetch", "plan", "single", "multiple"],
)
def test_dialogs(
    play: Play,
    step: dict[str, Any],
    state: State,
    subject: str,
    roles: tuple[Role, ...],
    version: str,
    width: int,
) -> None:
    actor = play(step, version=version, width=width)
    found = prompt(actor)
    reading = read(actor)
    if version == OLD and step is BASH:
        roles = tuple(role for role in roles if role is not ALL)
    assert reading.state is state
    assert subject in found.subject
    assert tuple(choice.role for choice in found.choices) == roles
    assert found.choices[0].selected
    assert found.complete


@pytest.mark.parametrize("version", [NEW, OLD])
def test_trust(play: Play, version: str) -> None:
    found = prompt(play(TRUST, version=version))
    roles = {choice.role for choice in found.choices}
    assert roles == {Role.ACCEPT, Role.CANCEL} or Role.DENY in roles
    assert found.selected is not None


def test_review_and_open_fields(play: Play) -> None:
    actor = play({"ask": [CHECKS]})
    assert not prompt(actor).typing
    actor.keys("1", "Tab")
    actor.sees("Review your answers")
    assert [choice.role for choice in prompt(actor).choices] == [Role.SUBMIT, Role.CANCEL]
    other = play(BASH)
    assert prompt(other).cancel_denies
    other.keys("Up", "Tab")
    other.sees("and tell Claude what to do differently")
    assert prompt(other).typing


def test_work_rest_and_what_was_said(play: Play) -> None:
    actor = play({"signal": "PROGRESS:50"}, {"work": 60})
    actor.sees("esc to interrupt", "PROGRESS")
    reading = read(actor)
    assert reading.state is State.WORKING
    assert [(signal.kind, signal.text) for signal in reading.signals] == [
        (SignalKind.PROGRESS, "50")
    ]
    actor.keys("Escape")
    actor.sees("? for shortcuts")
    assert (read(actor).state, read(actor).composer) == (State.IDLE, Composer.EMPTY)
    actor.burst("half a")
    actor.sees("half a")
    assert (read(actor).composer, read(actor).draft) == (Composer.DRAFT, "half a")


def test_a_tall_dialog_is_not_complete(play: Play) -> None:
    tall = {**BASH, "bash": "rm -rf src\n" + "\n".join(f"echo {n}" for n in range(60))}
    assert not prompt(play(tall, height=24)).complete


@pytest.mark.parametrize("step", [BASH, EDIT, WRITE, FETCH, PLAN])
def test_moving_the_caret_changes_no_role_and_no_label(play: Play, step: dict[str, Any]) -> None:
    """A row must not turn into another one because the caret stands on it."""
    actor = play(step)
    before = [(choice.label, choice.role) for choice in prompt(actor).choices]

    for row in range(1, len(before)):
        actor.keys("Down")
        actor.until(lambda row=row: _caret(actor) == row, actor.text)  # type: ignore[misc]
        after = [(choice.label, choice.role) for choice in prompt(actor).choices]
        assert after == before


def _caret(actor: Actor) -> int:
    found = read(actor).prompt
    return next((n for n, c in enumerate(found.choices) if c.selected), -1) if found else -1
