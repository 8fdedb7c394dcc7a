"""The page for newcomers: its example works as it is printed."""

from __future__ import annotations

import json
import re
import types
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.agent import AgentSpec, Composer, State
from bot.core.answering import goal, next_step
from bot.core.decisions import Decision, Verdict
from bot.core.reading import Reader
from bot.core.screen import PaneFacts, Screen
from bot.registry import leaves
from tests.support.screens import Golden, check, golden_screens, leaves_alone

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "add-agent.md"


def block(kind: str) -> str:
    found = re.search(
        rf"^```{kind}\n(.*?)^```$", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    assert found is not None
    return found[1]


@pytest.fixture(scope="module")
def parrot() -> AgentSpec:
    module = types.ModuleType("parrot")
    exec(compile(block("python"), str(PAGE), "exec"), module.__dict__)
    spec = module.AGENT
    assert isinstance(spec, AgentSpec)
    return spec


@pytest.fixture(scope="module")
def golden() -> Golden:
    beside = json.loads(block("json"))
    return Golden("run_80", block("text"), None, beside["pane"], beside["expected"])


def test_the_reader_reads_the_screen(parrot: AgentSpec, golden: Golden) -> None:
    check(parrot.read_screen(golden.screen), golden)
    assert golden.screen.pane.command == "python3"
    reader = Reader((parrot,))
    assert reader(golden.screen).state is State.APPROVAL
    assert reader(golden.bare).state is State.APPROVAL


def test_it_and_the_others_leave_each_other_alone(parrot: AgentSpec, golden: Golden) -> None:
    """What the page has its readers run, on the page's own example."""
    others: dict[str, AgentSpec] = leaves("bot.agents", "AGENT")
    for spec in others.values():
        assert not spec.processes or leaves_alone(spec, golden.screen), spec.id
        for theirs in golden_screens(spec.id):
            assert leaves_alone(parrot, theirs.screen), (spec.id, theirs.name)


@pytest.mark.parametrize(("verdict", "word"), [(Verdict.APPROVE, b"y"), (Verdict.DENY, b"n")])
def test_it_is_answered_by_its_words(
    parrot: AgentSpec, golden: Golden, verdict: Verdict, word: bytes
) -> None:
    prompt = parrot.read_screen(golden.screen).prompt

    assert prompt is not None
    assert next_step(goal(prompt, Decision(verdict)), prompt, parrot.keys).data == word


def test_what_is_no_question(parrot: AgentSpec, golden: Golden) -> None:
    screen = golden.screen
    below = replace(screen, rows=(*screen.trimmed(), "removed", "parrot> "))

    assert parrot.read_screen(below).composer is Composer.EMPTY
    away = replace(screen, pane=replace(screen.pane, cursor_y=1))
    assert parrot.read_screen(away).prompt is None
    shell = replace(screen, pane=PaneFacts("bash"))
    assert parrot.read_screen(shell).state is State.SHELL
    cut = Screen(screen.trimmed()[4:], PaneFacts("parrot", cursor_x=22, cursor_y=2))
    prompt = parrot.read_screen(cut).prompt
    assert prompt is not None
    assert not prompt.complete
