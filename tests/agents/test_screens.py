"""Every agent is read from recorded screens, not from memory."""

from __future__ import annotations

import json
import re

import pytest

from bot.core.agent import AgentSpec
from bot.core.answering import ALLOWING
from bot.core.prompts import fingerprint
from bot.core.reading import Reader
from bot.registry import leaves
from tests.support.screens import SCREENS, golden_screens, leaves_alone

AGENTS: dict[str, AgentSpec] = leaves("bot.agents", "AGENT")
READER = Reader(tuple(AGENTS.values()))


@pytest.mark.parametrize("name", sorted(AGENTS))
def test_an_agent_has_screens(name: str) -> None:
    assert AGENTS[name].id == name
    assert golden_screens(name), f"put recorded screens into {SCREENS / name}"


@pytest.mark.parametrize("name", sorted(AGENTS))
def test_the_versions_it_names_are_those_of_its_screens(name: str) -> None:
    files = (SCREENS / name).glob("*.json")
    recorded = {json.loads(file.read_text("utf-8")).get("version", "") for file in files} - {""}
    pack = AGENTS[name].made_from

    assert set(pack.versions if pack else ()) == recorded


@pytest.mark.parametrize("name", sorted(AGENTS))
def test_the_reader_finds_the_agent_of_a_screen(name: str) -> None:
    for golden in golden_screens(name):
        reading = READER(golden.screen)

        assert reading.state.value == golden.expected["state"], golden.name
        if golden.screen.pane.command in AGENTS[name].processes:
            assert reading.agent == name


@pytest.mark.parametrize("name", sorted(AGENTS))
def test_no_other_agent_takes_its_dialogs_for_its_own(name: str) -> None:
    others = [spec for spec in AGENTS.values() if spec.processes and spec.id != name]
    for golden in golden_screens(name):
        for spec in others:
            assert leaves_alone(spec, golden.screen), (golden.name, spec.id)


@pytest.mark.parametrize("name", sorted(AGENTS))
def test_nothing_is_allowed_that_is_not_named(name: str) -> None:
    for golden in golden_screens(name):
        prompt = AGENTS[name].read_screen(golden.screen).prompt
        if prompt is not None and any(choice.role in ALLOWING for choice in prompt.choices):
            assert prompt.subject.strip() or not prompt.complete, golden.name


@pytest.mark.parametrize(
    "name", ["bash_long_line", "bash_multiline", "v197_bash_multiline", "ask_tabs"]
)
def test_a_dialog_is_the_same_at_any_width(name: str) -> None:
    found = [
        golden for golden in golden_screens("claude") if re.fullmatch(rf"{name}_\d+", golden.name)
    ]
    prompts = [AGENTS["claude"].read_screen(golden.screen).prompt for golden in found]
    assert len(prompts) > 1
    assert len({fingerprint(prompt) for prompt in prompts if prompt is not None}) == 1
