"""``wingman service`` where the programs behind it are stand-ins."""

from __future__ import annotations

import os
import plistlib
import sys
from pathlib import Path

import pytest

from tests.commands.conftest import Beside
from tests.support.commandline import CommandLine
from tests.support.managers import Managers


@pytest.fixture
def managers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Managers:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    return Managers.there(tmp_path / "managers", monkeypatch)


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    return tmp_path / "config" / "systemd" / "user" / "wingman.service"


def test_installed_looked_at_and_taken_away(
    wingman: CommandLine, managers: Managers, unit: Path
) -> None:
    assert wingman("service", "status").code == 1

    ran = wingman("service", "install")
    assert (ran.code, ran.err) == (0, "")
    assert f"✓ {unit} is written" in ran.out
    assert managers.asked() == [
        "systemctl --user daemon-reload",
        "systemctl --user enable wingman.service",
        "systemctl --user restart wingman.service",
    ]
    home = Path.home()
    assert f"WorkingDirectory={home}\n" in unit.read_text()
    assert f'Environment="PATH={os.environ["PATH"]}"\n' in unit.read_text()

    ran = wingman("service", "status")
    assert ran.code == 1
    assert "✗ it runs, and no gateway answers yet" in ran.out

    assert wingman("service", "uninstall").code == 0
    assert not unit.exists()
    assert managers.asked() == [
        "systemctl --user disable --now wingman.service",
        "systemctl --user daemon-reload",
    ]
    assert "no service of Wingman's" in wingman("service", "uninstall").out


def test_what_the_service_cannot_know_is_said(
    wingman: CommandLine, managers: Managers, tmp_path: Path
) -> None:
    ran = wingman("service", "install")
    assert "! The service does not see what this shell sets" in ran.out
    assert "WINGMAN_STATE_DIR" in ran.out
    assert "! It ends when you log out. To keep it running: loginctl enable-linger" in ran.out

    (managers.folder / "linger").write_text("Linger=yes\n")
    assert "log out" not in wingman("service", "install").out


def test_settings_beside_it_stay_its_settings(
    wingman: CommandLine, managers: Managers, unit: Path, tmp_path: Path
) -> None:
    (tmp_path / ".env").touch(mode=0o600)
    wingman("service", "install")
    assert f"WorkingDirectory={tmp_path}\n" in unit.read_text()


def test_it_answers_or_it_has_ended(
    wingman: CommandLine, managers: Managers, beside: Beside
) -> None:
    (managers.folder / "running").touch()
    wingman("service", "install")
    ran = wingman("service", "status")
    assert (ran.code, "✓ it runs, and the gateway answers" in ran.out) == (0, True)

    (managers.folder / "running").unlink()
    ran = wingman("service", "status")
    assert (ran.code, "it does not run" in ran.out) == (1, True)


def test_a_gateway_in_a_terminal_is_ended_first(
    wingman: CommandLine, managers: Managers, beside: Beside, unit: Path
) -> None:
    ran = wingman("service", "install")
    assert (ran.code, ran.out) == (1, "")
    assert "a gateway runs already: end it first" in ran.err
    assert not unit.exists()


@pytest.mark.parametrize("words", ["install", "uninstall"])
def test_what_somebody_else_wrote_is_left_alone(
    wingman: CommandLine, managers: Managers, unit: Path, words: str
) -> None:
    unit.parent.mkdir(parents=True)
    unit.write_text("[Service]\nExecStart=mine\n")
    ran = wingman("service", words)
    assert ran.code == 1
    assert "was written by somebody else" in ran.err
    assert unit.read_text() == "[Service]\nExecStart=mine\n"


def test_a_refusal_is_one_line_and_leaves_nothing(
    wingman: CommandLine, managers: Managers, unit: Path
) -> None:
    (managers.folder / "no-bus").touch()
    ran = wingman("service", "install")
    assert ran.code == 1
    assert ran.err == (
        "wingman: systemctl --user daemon-reload: Failed to connect to bus: No medium found. "
        "Log in as this user (not by su or sudo), or run once: loginctl enable-linger\n"
    )
    assert not unit.exists()


def test_without_a_manager_it_says_what_to_run(wingman: CommandLine, managers: Managers) -> None:
    managers.lack("systemctl")
    ran = wingman("service", "install")
    assert ran.code == 1
    assert "neither systemd nor launchd" in ran.err
    assert ran.err.endswith("wingman run\n")


@pytest.mark.parametrize(("words", "last"), [((), "--no-pager"), (("-f",), "--follow")])
def test_logs_are_the_journals(
    wingman: CommandLine, managers: Managers, words: tuple[str, ...], last: str
) -> None:
    assert wingman("service", "logs", *words).code == 0
    common = "journalctl --user --unit wingman.service --lines 100 --output cat"
    assert managers.asked() == [f"{common} {last}"]


def test_on_macos_it_is_launchd(
    wingman: CommandLine, managers: Managers, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    plist = Path.home() / "Library" / "LaunchAgents" / "tmux-wingman.plist"
    domain = f"gui/{os.getuid()}"
    for _ in range(2):
        assert wingman("service", "install").code == 0
    assert managers.asked() == [
        f"launchctl bootstrap {domain} {plist}",
        f"launchctl bootout {domain}/tmux-wingman",
        f"launchctl bootstrap {domain} {plist}",
    ]
    assert plistlib.loads(plist.read_bytes())["ProgramArguments"][-1] == "run"
    assert wingman("service", "logs").code == 0
    assert managers.asked() == [f"tail -n 100 {tmp_path / 'service.log'}"]

    assert wingman("service", "uninstall").code == 0
    assert managers.asked() == [f"launchctl bootout {domain}/tmux-wingman"]
    assert not plist.exists()
