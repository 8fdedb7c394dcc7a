"""Whatever happens to the gateway or to tmux, the agents feel nothing of it, and it is told.

WINGMAN_TEST_LONG=1 stops it for five seconds and makes a thousand sessions in a minute."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.clock import SystemClock
from tests.support.process import GatewayProcess
from tests.support.tmux import NO_TMUX, RealTmux
from tests.support.waiting import spend, until

LONG = bool(os.environ.get("WINGMAN_TEST_LONG"))
STALLED = 5.0 if LONG else 1.5
SESSIONS = 1000 if LONG else 60

pytestmark = [
    pytest.mark.tmux,
    pytest.mark.kill,
    pytest.mark.timeout(300),
    pytest.mark.skipif(bool(NO_TMUX), reason=NO_TMUX),
]

WRITER = """
import os, sys, time
line, wrote, begun = b"x" * 998 + b"\\r\\n", 0, time.monotonic()
while True:
    os.write(1, line)
    wrote += 1
    if wrote % 100 == 0:
        with open(sys.argv[1] + ".new", "w") as new:
            new.write(str(wrote * 1000))
        os.replace(sys.argv[1] + ".new", sys.argv[1])
    time.sleep(max(0.0, wrote * 1000 / 10e6 - (time.monotonic() - begun)))
"""
"""Up to ten megabytes a second; says how many bytes it has got rid of."""


@pytest.fixture
def tmux(tmp_path: Path) -> Any:
    real = RealTmux(tmp_path)
    yield real
    real.kill()


@pytest.fixture
async def gateway(tmp_path: Path, tmux: RealTmux) -> AsyncIterator[GatewayProcess]:
    process = GatewayProcess(tmp_path, tmux.server.address)
    yield process
    await process.down()


def written(progress: Path) -> int:
    return int(progress.read_text())


async def rate(progress: Path, seconds: float) -> float:
    """Bytes a second."""
    clock = SystemClock()
    begun, before = clock.monotonic(), written(progress)
    await spend(seconds)
    return (written(progress) - before) / (clock.monotonic() - begun)


def phases(gateway: GatewayProcess) -> Callable[[], Awaitable[dict[str, str]]]:
    async def look() -> dict[str, str]:
        found = await gateway.get("/api/sessions")
        return {one["name"]: one["phase"] for one in found or ()}

    return look


async def knows(gateway: GatewayProcess, *names: str, within: float = 20) -> None:
    look = phases(gateway)

    async def all_there() -> bool:
        return set(names) == set(await look())

    await until(all_there, within=within)


async def test_an_agent_writes_on_while_the_gateway_is_stalled_and_killed(
    tmp_path: Path, tmux: RealTmux, gateway: GatewayProcess
) -> None:
    progress = tmp_path / "progress"
    tmux.program("a", WRITER, str(progress))
    await until(progress.exists)
    await gateway.up()
    await knows(gateway, "a")
    watched = await rate(progress, 1.0)

    gateway.freeze()
    stalled = await rate(progress, STALLED)
    gateway.kill()
    killed = await rate(progress, 1.0)

    assert min(stalled, killed) > watched / 2, "others may use the machine, but it never stops"
    await until(lambda: not tmux.do("list-clients"))
    assert tmux.do("list-sessions", "-F", "#{session_name}") == "a"


async def test_a_server_that_hangs_is_waited_for(tmux: RealTmux, gateway: GatewayProcess) -> None:
    tmux.session("a")
    await gateway.up()
    await knows(gateway, "a")
    server = int(tmux.do("display-message", "-p", "#{pid}"))

    os.kill(server, signal.SIGSTOP)
    try:
        for _ in range(5):
            await spend(STALLED / 5)
            assert await gateway.get("/healthz") == {"status": "ok"}
            assert await phases(gateway)(), "a server that hangs has not lost its sessions"
    finally:
        os.kill(server, signal.SIGCONT)
    tmux.session("b")

    await knows(gateway, "a", "b")


async def test_a_server_that_comes_back_with_the_same_ids(
    tmux: RealTmux, gateway: GatewayProcess
) -> None:
    first = tmux.session("a")
    await gateway.up()
    await knows(gateway, "a")

    await tmux.restart()
    second = tmux.session("b")
    assert first.pane == second.pane

    await knows(gateway, "b")


async def test_sessions_that_are_renamed_come_and_go(
    tmux: RealTmux, gateway: GatewayProcess
) -> None:
    tmux.session("keeps")
    await gateway.up()
    await knows(gateway, "keeps")
    clock = SystemClock()
    begun = clock.monotonic()
    for start in range(0, SESSIONS, 20):
        some = [f"s{number}" for number in range(start, start + 20)]
        made = [("new-session", "-d", "-s", name, "exec cat", ";") for name in some]
        tmux.do(*(word for command in made for word in command))
        tmux.do("rename-session", "-t", f"={some[0]}", f"renamed{start}")
        ended = [("kill-session", "-t", f"={name}", ";") for name in some[1:]]
        ended.append(("kill-session", "-t", f"=renamed{start}", ";"))
        tmux.do(*(word for command in ended for word in command))
        if LONG:
            pause = (start + 20) * 60 / SESSIONS - (clock.monotonic() - begun)
            await spend(max(0.0, pause))

    await knows(gateway, "keeps", within=30)
    tmux.session("after")
    await knows(gateway, "keeps", "after")
    assert len(tmux.do("list-clients", "-F", "#{client_pid}").splitlines()) == 1
