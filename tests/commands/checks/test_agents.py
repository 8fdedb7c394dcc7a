from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.adapters.trials import keep
from bot.commands.checks import agents
from bot.core.checks import Check, Level
from bot.core.hook_settings import PROGRAM
from bot.core.trials import Finding, Trial
from bot.settings import AgentSettings, Settings


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bin").mkdir()
    return Settings(state_dir=tmp_path / "state")


def program(folder: Path, name: str, script: str) -> Path:
    path = folder / "bin" / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


async def test_an_agent_on_path_tells_its_version(settings: Settings, tmp_path: Path) -> None:
    path = program(tmp_path, "claude", "echo '2.1.329 (Claude Code)'")

    found = {check.id: check for check in await agents.installed(settings)}

    assert found["agents.claude"].level is Level.OK
    assert found["agents.claude"].says == f"Claude Code 2.1.329, {path}"
    assert "agents" not in found


async def test_a_version_whose_screens_nobody_has_seen_is_told_until_it_was_tried(
    settings: Settings, tmp_path: Path
) -> None:
    program(tmp_path, "gemini", "echo 0.99.0")

    async def check() -> Check:
        found = {check.id: check for check in await agents.installed(settings)}
        return found["agents.gemini"]

    assert (await check()).level is Level.WARN
    assert "its screens are known from 0.61.0 (recorded" in (await check()).says

    keep(settings.state_dir, Trial("gemini", "0.99.0", "2026-11-21T12:00:00+00:00", "1", ()))
    assert (await check()).level is Level.OK


async def test_none_at_all_is_a_warning(settings: Settings) -> None:
    found = {check.id: check.level for check in await agents.installed(settings)}

    assert found["agents.claude"] is Level.OFF
    assert found["agents"] is Level.WARN


async def test_the_command_that_start_runs_has_to_be_there(
    settings: Settings, tmp_path: Path
) -> None:
    chosen = settings.model_copy(update={"agent": AgentSettings(command="coder --mode plan")})
    assert (await agents.command(chosen)).level is Level.WARN

    path = program(tmp_path, "coder", "exit 0")
    check = await agents.command(chosen)
    assert (check.level, check.says) == (
        Level.OK,
        f"start runs {path} when no agent is named",
    )


async def test_hooks_of_an_older_version_are_told_with_the_cure(
    settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "home" / ".claude" / "settings.json"
    file.parent.mkdir(parents=True)
    group = f'{{"hooks": [{{"type": "command", "command": "/old/{PROGRAM}"}}]}}'
    file.write_text(f'{{"hooks": {{"Stop": [{group}]}}}}')

    found = {check.id: check for check in await agents.hooks(settings)}

    assert found["hooks.claude.user"].level is Level.WARN
    assert found["hooks.claude.user"].cure == "wingman hook install --agent claude --scope user"
    assert found["hooks.claude.project"].level is Level.OFF


async def test_settings_with_a_mistake_are_red(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / ".claude" / "settings.json"
    file.parent.mkdir()
    file.write_text("{")

    found = {check.id: check.level for check in await agents.hooks(settings)}

    assert found["hooks.claude.project"] is Level.RED


async def test_the_last_trial_is_told(settings: Settings, tmp_path: Path) -> None:
    found = {check.id: check for check in await agents.trials(settings)}
    assert found == {}

    program(tmp_path, "claude", "echo 2.1.400")
    (check,) = await agents.trials(settings)
    assert (check.id, check.level) == ("canary.claude", Level.OFF)
    assert "never tried" in check.says

    finding = Finding("bash.deny", "denied", "approval", "deny", True, True, "pane")
    by_hook = replace(finding, by="hook")
    found_then = (finding, by_hook, replace(by_hook, case="bash.reason"))
    keep(settings.state_dir, Trial("claude", "2.1.400", "2026-11-21T10:00:00", "1", found_then))
    (check,) = await agents.trials(settings)
    assert (check.level, check.says) == (
        Level.OK,
        "claude 2.1.400: every answer did what was decided: 1 of 1 by keys, 2 of 2 by hook",
    )

    program(tmp_path, "claude", "echo 2.1.401")
    (check,) = await agents.trials(settings)
    assert check.level is Level.WARN
    assert "2.1.401 is installed, 2.1.400 was tried" in check.says
    assert check.cure == "wingman doctor --deep"


async def test_what_went_wrong_stays_red(settings: Settings, tmp_path: Path) -> None:
    program(tmp_path, "claude", "echo 2.1.400")
    finding = Finding("bash.deny", "denied", "approval", "deny", True, False, "pane", "it ran")
    by_hook = replace(finding, by="hook", says="it ran too")
    trial = Trial("claude", "2.1.400", "2026-11-21T10:00:00", "1", (finding, by_hook))
    keep(settings.state_dir, trial)

    found = {check.id: check for check in await agents.trials(settings)}

    assert found["canary.claude"].level is Level.RED
    assert found["canary.claude.bash.deny"].says == "answered wrongly: it ran"
    assert found["canary.claude.hook.bash.deny"].says == "answered wrongly: it ran too"
    assert "0 of 1 by keys, 0 of 1 by hook" in found["canary.claude"].says


async def test_an_agent_without_hooks_is_not_said_to_have_proved_them(
    settings: Settings, tmp_path: Path
) -> None:
    program(tmp_path, "claude", "echo 2.1.400")
    start = Finding("start", "a session, started", "", "", True, True, "pane")
    finding = Finding("bash.deny", "denied", "approval", "deny", True, True, "pane")
    trial = Trial("claude", "2.1.400", "2026-11-21T10:00:00", "1", (start, finding))
    keep(settings.state_dir, trial)

    (check,) = await agents.trials(settings)

    assert check.says.endswith("1 of 1 by keys, none by hook")
