"""What an agent's hook runs: a hint to the gateway, and never an answer."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot import hook
from bot.core.places import SOCKET

PROGRAM = [sys.executable, "-S", "-c", "from bot.hook import main; raise SystemExit(main())"]


def run(state: Path, pane: str = "%7") -> subprocess.CompletedProcess[str]:
    root = Path(hook.__file__).resolve().parent.parent
    environment = {**os.environ, "WINGMAN_STATE_DIR": str(state), "TMUX_PANE": pane}
    environment["PYTHONPATH"] = str(root)
    return subprocess.run(
        PROGRAM, env=environment, input="{}", capture_output=True, text=True, timeout=10
    )


@pytest.mark.parametrize("pane", ["%7", "", "7", "%7\r\nX: y"])
def test_without_a_gateway_it_says_nothing(tmp_path: Path, pane: str) -> None:
    done = run(tmp_path, pane)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_it_finds_the_socket_as_the_settings_do(tmp_path: Path) -> None:
    assert hook.socket_path({"WINGMAN_STATE_DIR": "/x"}) == Path("/x/wingman.sock")
    assert hook.socket_path({"WINGMAN_STATE_DIR": "/x"}, "/told") == Path("/told/wingman.sock")
    assert hook.socket_path({"XDG_STATE_HOME": "/y"}) == Path("/y/wingman/wingman.sock")
    assert hook.socket_path({}).name == SOCKET


def test_it_is_standard_library_only() -> None:
    code = "import sys, bot.hook; print([m for m in sys.modules if m.startswith('bot')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=10)
    assert done.stdout.strip() == "['bot', 'bot.hook']"
