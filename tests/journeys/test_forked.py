"""A gateway that is forked is started like one from nothing, or the other journeys prove less."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support import forked
from tests.support.crew import Crew
from tests.support.forked import Forked
from tests.support.process import PROGRAM, GatewayProcess
from tests.support.waiting import until

pytestmark = [
    pytest.mark.tmux,
    pytest.mark.skipif(not forked.USABLE, reason="nothing is forked here"),
]

ELSE = f"{PROGRAM}  # another text, so another program: not forked"


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[GatewayProcess]:
    crew = Crew(tmp_path, {})
    crew.tmux("new-session", "-d", "-s", "shop")
    made = GatewayProcess(tmp_path, crew.socket)
    yield made
    await made.down()
    crew.end()


@pytest.mark.parametrize("program", [PROGRAM, ELSE], ids=["forked", "from nothing"])
async def test_it_is_a_process_of_its_own_and_ends_in_order(
    gateway: GatewayProcess, program: str
) -> None:
    gateway.program = program
    await gateway.up()
    process = gateway._process
    assert process is not None
    assert isinstance(process, Forked) == (program == PROGRAM)
    at = Path("/proc", str(gateway.pid))
    assert os.getpgid(gateway.pid) == os.getsid(gateway.pid) == gateway.pid
    assert (at / "cwd").readlink() == Path.cwd()
    streams = [str((at / "fd" / number).readlink()) for number in "012"]
    assert streams == [os.devnull, str(gateway.log), str(gateway.log)]
    assert await until(lambda: gateway.get("/api/sessions"))
    os.kill(gateway.pid, signal.SIGTERM)
    assert process.wait(20) == 0
    assert not (gateway.state / "wingman.sock").exists()
    assert "/?link=" in gateway.log.read_text()
    assert "Traceback" not in gateway.log.read_text()


async def test_it_is_killed_and_begins_anew(gateway: GatewayProcess) -> None:
    await gateway.up()
    first = gateway.pid
    gateway.kill()
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)
    await gateway.up()
    assert gateway.pid != first


async def test_how_it_ended_is_told(tmp_path: Path) -> None:
    running = begin(tmp_path, "run", "--for", "30")
    assert running.poll() is None
    os.kill(running.pid, signal.SIGKILL)
    assert await until(running.poll) == -signal.SIGKILL
    refused = begin(tmp_path, "run", WINGMAN_WEB__PORT="no number")
    assert refused.wait(20) == 78
    assert "WINGMAN_WEB__PORT" in (tmp_path / "said").read_text()


async def test_it_has_the_environment_that_it_was_given_and_no_other(tmp_path: Path) -> None:
    assert os.environ["PATH"]
    alone = begin(tmp_path, "run", PATH="/nowhere")
    assert alone.wait(20) == 1
    assert "tmux is not installed" in (tmp_path / "said").read_text()


def begin(folder: Path, *arguments: str, **more: str) -> Forked:
    environment = GatewayProcess(folder, folder / "s").environment | more
    with (folder / "said").open("ab") as said, Path(os.devnull).open("rb") as nothing:
        streams = (nothing.fileno(), said.fileno(), said.fileno())
        return forked.server().start(arguments, environment, *streams)
