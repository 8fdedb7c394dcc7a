"""``wingman doctor`` as a user sees it; each part has tests of its own in ``checks``."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from bot.commands.doctor import LOOKS
from tests.commands.conftest import Beside
from tests.support.commandline import CommandLine


@pytest.fixture
def home(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Path:
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    tmp_path.chmod(0o700)
    return home


def test_a_fresh_machine_is_well_but_for_an_agent(
    wingman: CommandLine, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_tmux = home / "bin"
    only_tmux.mkdir()
    (only_tmux / "tmux").symlink_to(str(shutil.which("tmux")))
    monkeypatch.setenv("PATH", str(only_tmux))

    ran = wingman("doctor")

    assert ran.code == 0
    assert "✓ tmux.version: tmux 3" in ran.out
    assert "· gateway: no gateway runs now" in ran.out
    assert "· channels: no chat is set up" in ran.out
    assert "! agents: no agent that Wingman can start is on PATH\n    install one" in ran.out
    assert "2 to look at." in ran.out


def test_what_is_red_has_a_cure_and_an_exit_code(wingman: CommandLine, home: Path) -> None:
    wingman.folder.chmod(0o755)

    ran = wingman("doctor", "--json")

    document = json.loads(ran.out)
    assert (ran.code, document["level"]) == (1, "red")
    red = {check["id"]: check["cure"] for check in document["checks"] if check["level"] == "red"}
    assert red == {"state.dir": f"chmod 700 {wingman.folder}"}


def test_a_running_gateway_is_seen(wingman: CommandLine, home: Path, beside: Beside) -> None:
    document = json.loads(wingman("doctor", "--json").out)

    found = {check["id"]: check["level"] for check in document["checks"]}
    assert found["gateway"] == "ok"


def test_ids_are_said_once(wingman: CommandLine, home: Path) -> None:
    document = json.loads(wingman("doctor", "--json").out)

    ids = [check["id"] for check in document["checks"]]
    assert len(ids) == len(set(ids))
    assert len(ids) >= len(LOOKS)


def test_an_agent_that_cannot_be_tried_is_said(wingman: CommandLine, home: Path) -> None:
    ran = wingman("doctor", "--agent", "cursor")

    assert ran.code == 1
    assert "'cursor' is no agent that can be tried" in ran.err
    assert ran.out == ""


def test_one_agent_is_tried_alone(
    wingman: CommandLine, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(home))
    assert wingman("doctor", "--agent", "codex").err == (
        "Codex CLI is not installed: nothing to try\n"
    )
