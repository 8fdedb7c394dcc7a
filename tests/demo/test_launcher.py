from __future__ import annotations

import subprocess
from pathlib import Path

from bot.demo.launcher import agent_argv


def test_the_program_is_called_claude_and_runs_without_site_packages(tmp_path: Path) -> None:
    argv = agent_argv(tmp_path / "none.json", tmp_path, tmp_path / "log")
    assert str(tmp_path / "bin" / "claude") in argv
    assert argv[-2:] == ["--log", str(tmp_path / "log")]
    assert agent_argv(tmp_path / "none.json", tmp_path) == argv[:-2]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "none.json" in done.stderr


def test_it_needs_a_terminal(tmp_path: Path) -> None:
    script = tmp_path / "s.json"
    script.write_text('{"steps": []}')
    done = subprocess.run(
        agent_argv(script, tmp_path), input="", capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (2, "a scripted agent needs a terminal\n")
