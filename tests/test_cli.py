from importlib.metadata import version
from pathlib import Path

import pytest

from bot.settings import env_example
from tests.support.commandline import CommandLine


@pytest.fixture
def wingman(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> CommandLine:
    return CommandLine(tmp_path, monkeypatch, capsys)


def test_version_and_help(wingman: CommandLine) -> None:
    assert wingman("--version").out == f"wingman {version('tmux-wingman')}\n"
    for flag in ("-h", "--help"):
        ran = wingman(flag)
        assert (ran.code, ran.err) == (0, "")
        assert "Supervise coding agents in tmux from your phone." in ran.out


def test_no_arguments_is_wrong_usage(wingman: CommandLine) -> None:
    assert wingman().code == 2
    assert wingman("sessions", "--jsn").code == 2


def test_env_example(wingman: CommandLine) -> None:
    ran = wingman("env-example")
    assert (ran.code, ran.out, ran.err) == (0, env_example(), "")


@pytest.mark.parametrize("command", ["run", "sessions", "pending", "demo"])
def test_a_wrong_setting_ends_every_command(wingman: CommandLine, command: str) -> None:
    wingman.monkeypatch.setenv("WINGMAN_WEB__PORT", "many")
    ran = wingman(command)
    assert (ran.code, ran.out) == (78, "")
    assert ran.err.startswith("wingman: WINGMAN_WEB__PORT: ")
    assert ran.err.count("\n") == 1


def test_an_unknown_setting_names_the_nearest(wingman: CommandLine) -> None:
    wingman.monkeypatch.setenv("WINGMAN_WEB__PROT", "1")
    ran = wingman("sessions")
    assert ran.code == 78
    assert "did you mean WINGMAN_WEB__PORT?" in ran.err


def test_a_state_directory_that_can_not_be(wingman: CommandLine) -> None:
    (wingman.folder / "file").write_text("")
    wingman.monkeypatch.setenv("WINGMAN_STATE_DIR", str(wingman.folder / "file"))
    ran = wingman("run", "--for", "1")
    assert (ran.code, ran.out) == (1, "")
    assert "set WINGMAN_STATE_DIR" in ran.err
    assert "Traceback" not in ran.err
