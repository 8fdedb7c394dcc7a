from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

from bot.adapters.hook_command import hook_command
from bot.core.hook_settings import PROGRAM


def ran(command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", "-c", command], input="{}", capture_output=True, text=True, timeout=10
    )


def test_it_starts_our_program_which_says_nothing_without_a_gateway(tmp_path: Path) -> None:
    command = hook_command(tmp_path / "it's here")

    done = ran(command)

    assert PROGRAM in command
    assert shlex.split(command)[-1] == str(tmp_path / "it's here")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_where_wingman_is_gone_the_agent_sees_no_error(tmp_path: Path) -> None:
    done = ran(hook_command(tmp_path, tmp_path / "gone" / "python"))

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_it_is_the_interpreter_of_this_installation(tmp_path: Path) -> None:
    assert shlex.quote(sys.executable) in hook_command(tmp_path)
