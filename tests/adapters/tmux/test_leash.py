from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.adapters.tmux import leash
from tests.support.waiting import until

SLEEP = "import time; time.sleep(600)"
PARENT = """
import os, subprocess, sys
leash = [sys.executable, "-I", "-S", sys.argv[1], str(os.getpid())]
child = subprocess.Popen([*leash, *sys.argv[2:]])
print(child.pid, flush=True)
child.wait()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has PR_SET_PDEATHSIG")
async def test_ends_with_its_parent() -> None:
    command = [sys.executable, "-c", PARENT, leash.__file__, sys.executable, "-c", SLEEP]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as parent:  # noqa: ASYNC220
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        name = Path("/proc", str(child), "cmdline")
        await until(lambda: b"leash" not in name.read_bytes())
        parent.kill()
    await until(lambda: not name.exists() or not name.read_bytes())


def test_does_not_start_for_a_parent_that_has_ended() -> None:
    command = [sys.executable, "-I", "-S", leash.__file__, "1", "touch", "x"]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode != 0
    assert b"its parent has ended" in done.stderr


def test_nobody_stops_it_from_a_terminal() -> None:
    stopped = "import os, signal; os.kill(os.getpid(), signal.SIGTSTP); print('goes on')"
    command = [sys.executable, "-I", "-S", leash.__file__, str(os.getpid())]
    done = subprocess.run(
        [*command, sys.executable, "-c", stopped], capture_output=True, timeout=20, check=False
    )
    assert done.stdout == b"goes on\n"
