"""The record of what was proved on the real agents, against what there is to prove now."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.commands.subjects import subjects
from bot.core.trials import Way
from tests.real_agents import proved
from tests.real_agents.test_canary import VERSIONS
from tests.support.agents_page import by_hook, proved_rows


def test_every_case_of_every_version_was_proved_in_each_of_its_ways() -> None:
    known = proved.proved()
    assert {(agent, version) for agent in known for version in known[agent]} == set(VERSIONS)
    for agent, version in VERSIONS:
        for way in Way:
            cases = [case.id for case in subjects()[agent].cases_by(way)]
            found = known[agent][version].get(way, [])
            assert [case for case in found if case not in ("trust", "start")] == cases


def test_what_a_hook_cannot_be_told_is_not_said_to_be() -> None:
    every = by_hook("claude", "2.1.329", "approval: Bash")
    assert every == "allow, deny, with a reason, always, where the agent offers a rule"
    assert by_hook("codex", "0.169.0", "approval: exec_command") == "allow, deny, with a reason"
    assert by_hook("codex", "0.169.0", "plan") == "no"
    assert by_hook("claude", "2.1.329", "trust") == "no"
    assert by_hook("claude", "9.9.9", "approval: Bash") == "no"
    assert by_hook("gemini", "0.61.0", "approval: run_shell_command") == "no"


def test_one_way_is_never_told_for_the_other() -> None:
    rows = {(title, version, what): ways for title, version, what, *ways in proved_rows()}

    always = rows["Codex CLI", "0.169.0", "a command, allowed from now on"]
    assert always == ["proved", "—"]
    assert rows["Claude Code", "2.1.329", "a command, denied"] == ["proved", "proved"]


def test_a_record_is_written_only_when_that_was_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proved, "FILE", tmp_path / "proved.json")
    monkeypatch.setattr(proved, "RECORDING", False)
    proved.keep("claude", "2", Way.PANE, ["trust"])
    assert not (tmp_path / "proved.json").exists()

    monkeypatch.setattr(proved, "RECORDING", True)
    proved.keep("claude", "2", Way.PANE, ["trust"])
    proved.keep("claude", "2", Way.HOOK, ["bash.deny"])
    assert proved.proved() == {"claude": {"2": {"pane": ["trust"], "hook": ["bash.deny"]}}}
