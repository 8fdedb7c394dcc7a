"""``wingman hook``: into an agent's settings, and out again, as a user does it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.agents._claude.hooking import SETUP
from tests.commands.conftest import Beside
from tests.support.commandline import CommandLine

MINE = """{
    "model": "opus",
    "hooks": {"Stop": [{"hooks": [{"type": "command", "command": "say done"}]}]}
}
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    (home / ".claude").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    return home


def test_install_status_uninstall(wingman: CommandLine, home: Path) -> None:
    settings = home / ".claude" / "settings.json"
    settings.write_text(MINE)

    ran = wingman("hook", "install")
    assert ran.code == 0
    assert f"✓ {settings} now has Wingman's hooks" in ran.out
    document = json.loads(settings.read_text())
    assert document["model"] == "opus"
    assert set(document["hooks"]) == set(SETUP.events)
    mine, ours = (group["hooks"][0]["command"] for group in document["hooks"]["Stop"])
    assert mine == "say done"
    assert "wingman-hook" in ours

    ran = wingman("hook", "status")
    assert ran.code == 0
    assert f"✓ claude user: installed  {settings}" in ran.out
    assert "· claude project: missing" in ran.out
    assert "no gateway runs now" in ran.out

    ran = wingman("hook", "install")
    assert "has already" in ran.out

    ran = wingman("hook", "uninstall")
    assert (ran.code, ran.err) == (0, "")
    assert settings.read_text() == MINE
    assert "has none of" in wingman("hook", "uninstall").out


@pytest.mark.parametrize(
    ("scope", "name"), [("project", "settings.json"), ("local", "settings.local.json")]
)
def test_a_project_has_its_own(
    wingman: CommandLine, home: Path, tmp_path: Path, scope: str, name: str
) -> None:
    assert wingman("hook", "install", "--agent", "claude", "--scope", scope).code == 0

    assert json.loads((tmp_path / ".claude" / name).read_text())["hooks"]
    assert not (home / ".claude" / "settings.json").exists()
    wingman("hook", "uninstall", "--scope", scope)
    assert not (tmp_path / ".claude" / name).exists()


def test_what_an_older_version_left_is_said_with_its_cure(
    wingman: CommandLine, home: Path
) -> None:
    wingman("hook", "install")
    settings = home / ".claude" / "settings.json"
    document = json.loads(settings.read_text())
    del document["hooks"]["Stop"]
    settings.write_text(json.dumps(document))

    ran = wingman("hook", "status")
    assert ran.code == 1
    assert "✗ claude user: outdated" in ran.out
    assert "to renew them: wingman hook install --agent claude --scope user" in ran.out

    wingman("hook", "install")
    assert wingman("hook", "status").code == 0


def test_status_as_json_with_a_gateway(wingman: CommandLine, home: Path, beside: Beside) -> None:
    ran = wingman("hook", "status", "--agent", "claude", "--json")

    document = json.loads(ran.out)
    assert document["gateway"] is True
    assert [file["state"] for file in document["files"]] == ["missing"] * 3
    assert document["files"][0]["file"] == str(home / ".claude" / "settings.json")
    assert document["files"][0]["events"]["Stop"] == "missing"


@pytest.mark.parametrize("words", ["install", "uninstall", "status"])
def test_an_agent_without_hooks_is_said(wingman: CommandLine, home: Path, words: str) -> None:
    ran = wingman("hook", words, "--agent", "generic")

    assert (ran.code, ran.out) == (1, "")
    assert "'generic' has no hooks that Wingman knows; these have: claude" in ran.err


def test_settings_with_a_mistake_are_left_alone(wingman: CommandLine, home: Path) -> None:
    settings = home / ".claude" / "settings.json"
    settings.write_text('{"model": "opus",}')

    ran = wingman("hook", "install")

    assert ran.code == 1
    assert "is not valid JSON" in ran.err
    assert "Traceback" not in ran.err
    assert settings.read_text() == '{"model": "opus",}'


def test_hooks_of_another_shape_are_said_with_their_file(wingman: CommandLine, home: Path) -> None:
    settings = home / ".claude" / "settings.json"
    settings.write_text('{"hooks": []}')

    ran = wingman("hook", "install")

    assert ran.code == 1
    assert str(settings) in ran.err
    assert '"hooks" is no JSON object' in ran.err


def test_codex_has_a_file_of_its_own_and_wants_to_be_trusted(
    wingman: CommandLine, home: Path
) -> None:
    ran = wingman("hook", "install", "--agent", "codex")
    assert ran.code == 0
    hooks = home / ".codex" / "hooks.json"
    assert "PermissionRequest" in json.loads(hooks.read_text())["hooks"]
    assert "trust them there: /hooks" in ran.out

    refused = wingman("hook", "install", "--agent", "codex", "--scope", "project")
    assert refused.code != 0
    assert "no hooks of scope project, only: user" in refused.err

    assert wingman("hook", "uninstall", "--agent", "codex").code == 0
    assert not hooks.exists() or "wingman-hook" not in hooks.read_text()
