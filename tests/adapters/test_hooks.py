"""The real hook program at the real socket: who is heard, what is passed on, what is not."""

from __future__ import annotations

import asyncio
import json
import os
import socket
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.clock import SystemClock
from bot.adapters.hooks import HookSocket, message_of, peer_uid
from bot.core.errors import StoreUnusable
from bot.ports.hooks import HookCall, HookMessage, Passed
from tests.support.clock import settle
from tests.support.hookprogram import ALLOW, ASKS, begin, is_root, listening, run


async def test_an_answer_goes_to_the_agent_and_comes_back_as_printed(tmp_path: Path) -> None:
    async with listening(tmp_path) as gateway:
        waiting = await begin(tmp_path)
        call = await gateway.call()
        assert call.message == HookMessage(ASKS, "%7", 4242, 99, waits=True)
        was_open = call.is_open

        assert await call.answer(ALLOW) is Passed.ON

        ran = await waiting.ended()
        assert (ran.code, json.loads(ran.out), ran.err) == (0, ALLOW, "")
        assert (was_open, call.is_open) == (True, False)
        assert await call.answer(ALLOW) is Passed.NOT


async def test_an_agent_that_does_not_say_its_pid_is_our_parent(tmp_path: Path) -> None:
    async with listening(tmp_path) as gateway:
        await run(tmp_path, {"hook_event_name": "Stop"}, pid="")
        assert (await gateway.call()).message.agent_pid == os.getpid()


async def test_other_events_do_not_wait(tmp_path: Path) -> None:
    async with listening(tmp_path) as gateway:
        ran = await run(
            tmp_path, {"hook_event_name": "Stop", "last_assistant_message": "ü" * 9999}
        )
        call = await gateway.call()
        assert ran.said_nothing
        assert call.message.event["last_assistant_message"] == "ü" * 9999
        assert not call.message.waits
        assert await call.answer(ALLOW) is Passed.NOT


async def test_a_hook_that_was_killed_is_noticed(tmp_path: Path) -> None:
    async with listening(tmp_path) as gateway:
        waiting = await begin(tmp_path)
        call = await gateway.call()
        waiting.process.kill()
        await asyncio.wait_for(call.left(), 10)
        assert not call.is_open
        assert await call.answer(ALLOW) is Passed.NOT
        await waiting.ended()


async def test_an_answer_of_the_wrong_shape_is_not_printed(tmp_path: Path) -> None:
    async with listening(tmp_path) as gateway:
        waiting = await begin(tmp_path)
        assert await (await gateway.call()).answer({"decision": "approve"}) is Passed.NOT
        assert (await waiting.ended()).said_nothing


async def test_who_is_let_go_has_no_decision(tmp_path: Path) -> None:
    async def lets_go(call: HookCall) -> None:
        return

    async with listening(tmp_path) as gateway:
        gateway.handle = lets_go
        assert (await run(tmp_path)).said_nothing


async def test_trouble_of_ours_is_no_decision_and_ends_nothing(tmp_path: Path) -> None:
    async def fails(call: HookCall) -> None:
        raise StoreUnusable("the disk is full")

    async with listening(tmp_path) as gateway:
        gateway.handle = fails
        assert (await run(tmp_path)).said_nothing
        gateway.handle = None
        waiting = await begin(tmp_path)
        assert await (await gateway.call(1)).answer(ALLOW) is Passed.ON
        await waiting.ended()


async def test_many_calls_are_open_beside_each_other(tmp_path: Path) -> None:
    async with listening(tmp_path) as gateway:
        waiting = [await begin(tmp_path, pane=f"%{number}") for number in range(5)]
        calls = [await gateway.call(number) for number in range(5)]
        for call in reversed(calls):
            assert await call.answer(ALLOW) is Passed.ON
        assert all([(await one.ended()).out for one in waiting])


async def test_when_the_gateway_ends_the_hooks_end_without_a_word(tmp_path: Path) -> None:
    async with listening(tmp_path) as gateway:
        waiting = await begin(tmp_path)
        await gateway.call()
    assert (await waiting.ended()).said_nothing


async def test_who_connects_while_the_gateway_ends_is_let_go(tmp_path: Path) -> None:
    async def heard(call: HookCall) -> None:
        raise AssertionError("nobody is listening any more")

    taken: list[socket.socket] = []

    class Ending(socket.socket):
        def accept(self) -> tuple[socket.socket, Any]:
            peer, address = super().accept()
            taken.append(peer)
            loop.call_soon_threadsafe(running.cancel)
            return peer, address

    listener = Ending(socket.AF_UNIX)
    listener.bind(str(tmp_path / "hook.sock"))
    listener.listen()
    hooks = HookSocket(lambda: listener, SystemClock())
    loop = asyncio.get_running_loop()
    async with asyncio.TaskGroup() as group:
        running = group.create_task(hooks.run(heard))
        await settle()
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(tmp_path / "hook.sock"))
            await asyncio.wait([running])
            await settle()
    assert [peer.fileno() for peer in taken] == [-1]


async def test_another_user_is_not_heard(tmp_path: Path) -> None:
    async with listening(tmp_path, owner=os.getuid() + 1) as gateway:
        assert (await run(tmp_path)).said_nothing
        assert gateway.calls == []


@pytest.mark.skipif(not is_root(), reason="only root can be somebody else")
async def test_a_process_of_another_user_gets_nothing_even_where_it_may_connect() -> None:
    with socket.socket(socket.AF_UNIX) as door:
        name = f"\0wingman-test-{os.getpid()}"
        door.bind(name)
        door.listen()
        code = (
            f"import socket,sys; s=socket.socket(socket.AF_UNIX); s.connect({name!r}); s.recv(1)"
        )
        other = await asyncio.create_subprocess_exec("python3", "-c", code, user=65534)
        peer, _ = await asyncio.to_thread(door.accept)
        assert peer_uid(peer) == 65534
        peer.close()
        await other.wait()


async def test_a_peer_that_says_nonsense_is_let_go(tmp_path: Path) -> None:
    async with listening(tmp_path) as gateway:
        for said in (b"{}\n", b"nonsense\n", b"", b'{"v":1', b"[" * 100_000 + b"\n"):
            reader, writer = await asyncio.open_unix_connection(tmp_path / "hook.sock")
            writer.write(said)
            writer.write_eof()
            assert await asyncio.wait_for(reader.read(), 10) == b""
            writer.close()
        assert gateway.calls == []


@pytest.mark.parametrize(
    "line",
    [
        b'{"v":2,"pane":"%1","event":{}}\n',
        b'{"v":1,"pane":1,"event":{}}\n',
        b'{"v":1,"pane":"%1","event":[]}\n',
        b'{"v":1,"pane":"%1","event":{}}',
    ],
)
def test_what_is_no_message(line: bytes) -> None:
    assert message_of(line) is None


@pytest.mark.parametrize(
    ("tmux", "pid", "server", "agent"),
    [
        ("/tmp/a,b/x,77,0", "5", 77, 5),
        ("", "", 0, 0),
        ("x,y", "-5", 0, 0),
        ("/x,²,0", "9" * 40, 0, 0),
    ],
)
def test_numbers_in_a_message(tmux: str, pid: str, server: int, agent: int) -> None:
    given = {"v": 1, "pane": "%1", "tmux": tmux, "pid": pid, "event": {}}
    found = message_of(json.dumps(given).encode() + b"\n")
    assert found == HookMessage({}, "%1", server, agent)


def test_the_socket_is_told_apart_by_its_owner() -> None:
    one, other = socket.socketpair(socket.AF_UNIX)
    assert peer_uid(one) == os.getuid()
    one.close()
    other.close()
