"""What managers of services are told, as they read it."""

from __future__ import annotations

import os
import plistlib
import shutil
import subprocess
from pathlib import Path

import pytest

from bot.commands.units import MARK, Job, inherited, launch_agent, systemd_unit
from bot.core.errors import WingmanError

ODD = 'a"b\\c$d %h'
ANALYZE = shutil.which("systemd-analyze")


def job(directory: Path) -> Job:
    command = (shutil.which("true") or "", "run", ODD)
    return Job(command, directory, directory / "service.log", {"PATH": "/bin", "ODD": ODD})


def test_each_word_arrives_as_it_is(tmp_path: Path) -> None:
    unit = systemd_unit(job(tmp_path))
    assert '"run" "a\\"b\\\\c$$d %%h"\n' in unit
    assert 'Environment="ODD=a\\"b\\\\c$d %%h"\n' in unit
    with pytest.raises(WingmanError, match="control character"):
        systemd_unit(Job(("x",), tmp_path / "a\nb", tmp_path))


def test_the_agents_outlive_it_and_a_wrong_setting_is_not_tried_again(tmp_path: Path) -> None:
    unit = systemd_unit(job(tmp_path))
    for line in ("KillMode=process", "RestartPreventExitStatus=75 78", "StandardOutput=null"):
        assert f"{line}\n" in unit
    agent = plistlib.loads(launch_agent(job(tmp_path)))
    assert agent["AbandonProcessGroup"] is True


@pytest.mark.skipif(ANALYZE is None, reason="no systemd-analyze here")
def test_systemd_itself_has_nothing_to_say(tmp_path: Path) -> None:
    odd = tmp_path / "un it%n"
    odd.mkdir()
    unit = tmp_path / "wingman.service"
    unit.write_text(systemd_unit(job(odd)))
    ran = subprocess.run(
        [str(ANALYZE), "verify", str(unit)],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)},
    )
    said = [line for line in ran.stderr.splitlines() if "wingman.service" in line]
    assert (ran.returncode, said) == (0, [])


def test_a_launch_agent_reads_back(tmp_path: Path) -> None:
    text = launch_agent(job(tmp_path))
    agent = plistlib.loads(text)
    assert MARK.encode() in text
    assert agent["ProgramArguments"][1:] == ["run", ODD]
    assert agent["EnvironmentVariables"] == {"PATH": "/bin", "ODD": ODD}
    assert agent["StandardErrorPath"] == str(tmp_path / "service.log")


def test_what_a_service_needs_of_a_shell_and_no_more() -> None:
    given = {"PATH": "/bin", "LANG": "C.UTF-8", "LC_ALL": "", "TELEGRAM": "secret", "HOME": "/x"}
    assert inherited(given) == {"PATH": "/bin", "LANG": "C.UTF-8"}
