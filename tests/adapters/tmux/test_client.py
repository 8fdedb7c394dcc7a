from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from bot.adapters.tmux.client import ControlClient, NoAnswer, NoServer
from bot.adapters.tmux.server import TmuxServer
from bot.core.errors import TerminalUnusable
from bot.ports.terminal import Nudge, NudgeKind
from tests.support.clock import FakeClock
from tests.support.tmux import Adapter, RealTmux
from tests.support.waiting import spend, until

pytestmark = pytest.mark.tmux


async def test_no_server_is_a_state(adapter: Adapter) -> None:
    with pytest.raises(NoServer):
        await adapter.client.ask("display-message -p x")
    assert adapter.client.key is None
    assert not adapter.tmux.server.listens()


async def test_it_starts_no_server_and_makes_no_session(tmux: RealTmux, adapter: Adapter) -> None:
    await spend(0.3)
    assert not tmux.server.listens()
    pane = tmux.session("a")
    await until(lambda: adapter.client.key == pane.server)
    assert tmux.do("list-sessions", "-F", "#S") == "a"
    [shown, name] = await adapter.client.ask(
        "display-message -p '#{client_flags}'", "display-message -p '#{client_name}'"
    )
    assert name.lines == (f"client-{adapter.client.process_id}",)
    flags = shown.lines[0].split(",")
    assert {"no-output", "suspended"} <= set(flags)
    assert "ignore-size" not in flags


async def test_replies_of_several_lines(tmux: RealTmux, adapter: Adapter) -> None:
    tmux.session("a")
    await until(lambda: adapter.client.key)
    blocks = await adapter.client.ask(
        "display-message -p one ; capture-pane -p -t %99 ; display-message -p never",
        "display-message -p two",
    )
    assert [(block.lines, block.ok) for block in blocks] == [
        (("one",), True),
        (("can't find pane: %99",), False),
        (("two",), True),
    ]


async def test_questions_at_the_same_time_get_their_own_answers(
    tmux: RealTmux, adapter: Adapter
) -> None:
    tmux.session("a")
    await until(lambda: adapter.client.key)
    lines = [f"display-message -p n{number}" for number in range(100)]
    replies = await asyncio.gather(*(adapter.client.ask(line) for line in lines))
    assert [blocks[0].lines for blocks in replies] == [(f"n{number}",) for number in range(100)]


@pytest.mark.parametrize("line", ["a\nkill-server", "a\0b"])
async def test_a_line_is_one_line(tmux: RealTmux, adapter: Adapter, line: str) -> None:
    tmux.session("a")
    await until(lambda: adapter.client.key)
    with pytest.raises(ValueError, match="another tmux command"):
        await adapter.client.ask(line)


async def test_goes_on_in_another_session_when_its_own_is_ended(
    tmux: RealTmux, adapter: Adapter
) -> None:
    heard: list[Nudge] = []
    adapter.client.listener = heard.append
    tmux.session("a")
    tmux.session("b")
    await until(lambda: adapter.client.key)
    tmux.do("kill-session", "-t", tmux.do("list-clients", "-F", "#{session_id}"))
    await until(lambda: Nudge(NudgeKind.PANES) in heard)
    await until(lambda: answers(adapter.client))
    assert Nudge(NudgeKind.LOST) not in heard


async def test_finds_a_server_that_was_restarted(tmux: RealTmux, adapter: Adapter) -> None:
    heard: list[Nudge] = []
    adapter.client.listener = heard.append
    first = tmux.session("a")
    await until(lambda: adapter.client.key == first.server)
    await tmux.restart()
    second = tmux.session("a")
    await until(lambda: adapter.client.key == second.server)
    kinds = [nudge.kind for nudge in heard if nudge.kind is not NudgeKind.PANES]
    assert kinds == [NudgeKind.FOUND, NudgeKind.LOST, NudgeKind.FOUND]


async def test_a_question_finds_a_server_that_came_up_this_moment(
    tmux: RealTmux, adapter: Adapter
) -> None:
    assert await adapter.terminal.panes() == ()
    tmux.session("a")
    assert len(await adapter.terminal.panes()) == 1


async def test_a_client_that_a_person_detached_comes_back(
    tmux: RealTmux, adapter: Adapter
) -> None:
    tmux.session("a")
    await until(lambda: adapter.client.key)
    for _ in range(3):
        tmux.do("detach-client", "-s", "a")
        await until(lambda: answers(adapter.client))


async def test_a_server_that_keeps_silent(tmux: RealTmux) -> None:
    pane = tmux.session("a")
    clock = FakeClock()
    client = ControlClient(tmux.server, clock, timeout=0.5)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(client.run())
        await until(lambda: client.key)
        os.kill(pane.server.pid, signal.SIGSTOP)
        with pytest.raises(NoAnswer, match="did not answer within 0"):
            await client.ask("display-message -p hi")
        os.kill(pane.server.pid, signal.SIGCONT)
        await until(lambda: answers(client))
        running.cancel()


async def answers(client: ControlClient) -> bool:
    try:
        return (await client.ask("display-message -p hi"))[0].lines == ("hi",)
    except (NoAnswer, TerminalUnusable):
        return False


async def test_without_a_session_it_waits_on_its_clock(tmux: RealTmux) -> None:
    clock = FakeClock()
    client = ControlClient(tmux.server, clock)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(client.run())
        await until(lambda: clock.sleeping)
        tmux.session("a")
        await spend(0.1)
        assert client.key is None
        await clock.advance(1.0)
        await until(lambda: client.key)
        running.cancel()


def fake(folder: Path, script: str) -> TmuxServer:
    program = folder / "tmux"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return TmuxServer(socket_path=folder / "s", binary=str(program))


@pytest.mark.parametrize(
    ("script", "complaint"),
    [
        ("echo 'server exited unexpectedly' >&2; exit 1", "another version"),
        (
            'case "$*" in *-C*) echo "%exit server exited unexpectedly";; *) echo a;; esac',
            "another",
        ),
    ],
    ids=["asked", "attached"],
)
async def test_a_program_that_does_not_fit_the_server(
    tmux: RealTmux, script: str, complaint: str
) -> None:
    tmux.session("a")
    client = ControlClient(fake(tmux.folder, script), FakeClock(), timeout=5)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(client.run())
        with pytest.raises(TerminalUnusable, match=complaint):
            await client.ask("display-message -p hi")
        running.cancel()


async def test_a_server_that_has_just_ended_is_none_of_another_version(tmux: RealTmux) -> None:
    tmux.session("a")
    real = f"tmux -S {tmux.folder / 's'}"
    ends = f"({real} kill-server; while {real} ls; do :; done) >/dev/null 2>&1"
    server = fake(tmux.folder, f"{ends}; echo 'server exited unexpectedly' >&2; exit 1")
    client = ControlClient(server, FakeClock(), timeout=5)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(client.run())
        with pytest.raises(NoServer):
            await client.ask("display-message -p hi")
        running.cancel()
