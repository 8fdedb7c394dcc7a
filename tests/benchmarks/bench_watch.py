"""From a byte in a pane to ``sendMessage`` on the wire, with everything durable in between.

    python -m tests.benchmarks.bench_watch [--panes 100] [--load quiet|spin|flood] [--events 60]

The gateway, a bare watcher and a poller get the same play, one after the other, on a private tmux
server; Telegram is a server on loopback. Compare the rows of one run: milliseconds are this
machine's."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.process import GatewayProcess
from tests.support.tmux import RealTmux
from tests.support.waiting import spend

TAG = re.compile(r"ev\d{5}")
PLAYED = 20
"""Panes that events are played in; the others carry the load."""
RATE = 0.7
"""Events a second: under Telegram's own pace."""
WITHIN = 15.0

LOADS = """
import os, sys, time
load, *ttys = sys.argv[1:]
fds = [os.open(tty, os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK) for tty in ttys]
turn, begun = 0, time.monotonic()
while True:
    for at, fd in enumerate(fds):
        try:
            if load == "spin":
                os.write(fd, b"\\x1b[H\\x1b[30B\\xe2\\x9c\\xbb Thinking %d\\x1b[K" % (turn // 9))
            else:
                os.write(fd, b"a long line of a build log that scrolls by\\r\\n" * 22)
        except BlockingIOError:
            pass
        step = 1 / 9 / len(fds) if load == "spin" else 1e-4
        ahead = begun + (turn * len(fds) + at + 1) * step - time.monotonic()
        time.sleep(max(0.0, ahead))
    turn += 1
"""
"""Every pane redraws a spinner nine times a second, or one pane writes 10 MB/s."""

CLEAR = "\x1b[H\x1b[2J"
DIALOG = (
    "─" * 60,
    " Bash command",
    "",
    "   rm -rf build/{tag}",
    "   Clean the build",
    "",
    " Do you want to proceed?",
    " \u276f 1. Yes",
    "   2. No, and tell Claude what to do differently",
    "",
    " Esc to cancel",
)
FORMS = {
    "line": ("\r\n:::DONE:{tag} all tests pass:::\r\n",),
    "said": (CLEAR + "\x1b[5B● Finished.\r\n\r\n  :::DONE:{tag}\x1b[20Gand\x1b[24Gdone:::\r\n",),
    "in two": (CLEAR + "\x1b[3B\r  :::HELP:{tag} which data", "base? see https://x.test/a:::\r\n"),
    "dialog": (CLEAR + "\x1b[9B" + "\r\n".join(DIALOG),),
}


@dataclass
class Telegram:
    """Counts what is sent, and when."""

    sent: dict[str, list[int]] = field(default_factory=dict)
    edited: int = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection. Cancelled at the end, as a poll may be waiting."""
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                now = time.monotonic_ns()
                length = re.search(rb"(?i)content-length: (\d+)", head)
                body = await reader.readexactly(int(length[1]) if length else 0)
                method = head.split(b" ", 2)[1].rsplit(b"/", 1)[1].split(b"?")[0].decode()
                if method == "getUpdates":
                    await spend(1.0)
                result = self._result(method, body.decode("utf-8", "replace"), now)
                out = json.dumps({"ok": True, "result": result}).encode()
                kind = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                writer.write(kind + b"Content-Length: %d\r\n\r\n" % len(out) + out)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            return
        finally:
            writer.close()

    def _result(self, method: str, body: str, now: int) -> object:
        if method == "getMe":
            return {"id": 1, "is_bot": True, "first_name": "b", "username": "b_bot"}
        if method == "getWebhookInfo":
            return {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
        if method == "sendMessage":
            for tag in set(TAG.findall(body)):
                self.sent.setdefault(tag, []).append(now)
        self.edited += method.startswith("edit")
        if method.startswith(("send", "edit")):
            return {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}, "text": "x"}
        return [] if method.startswith("get") else True


@dataclass
class Play:
    """What was written into the panes, and when."""

    seed: int
    written: dict[str, int] = field(default_factory=dict)

    async def run(self, ttys: list[str], events: int, telegram: Telegram) -> None:
        rng, busy = random.Random(self.seed), set[str]()  # a play, no secret
        async with asyncio.TaskGroup() as group:
            for number in range(events):
                await spend(rng.expovariate(RATE))
                while not (free := [tty for tty in ttys if tty not in busy]):
                    await spend(0.02)
                tty = rng.choice(free)
                busy.add(tty)
                form = [*FORMS][number % len(FORMS)]
                tag = f"ev{number:05}"
                group.create_task(self._one(tty, form, tag, telegram, busy))

    async def _one(
        self, tty: str, form: str, tag: str, telegram: Telegram, busy: set[str]
    ) -> None:
        frames = [frame.replace("{tag}", tag).encode() for frame in FORMS[form]]
        fd = os.open(tty, os.O_WRONLY | os.O_NOCTTY)
        try:
            for turn in range(4):
                os.write(fd, b"\x1b[H\x1b[30B\xe2\x9c\xbb Thinking %d\x1b[K\r" % turn)
                await spend(1 / 9)
            for frame in frames:
                if frame is frames[-1]:
                    self.written[tag] = time.monotonic_ns()
                os.write(fd, frame)
                await spend(0.02)
            until = time.monotonic() + WITHIN
            while tag not in telegram.sent and time.monotonic() < until:
                await spend(0.05)
            await spend(0.2)
            os.write(fd, b"".join(frames))  # a redraw is not told again
            await spend(0.3)
            os.write(fd, (CLEAR + "\x1b[5B● on to the next\r\n").encode())
        finally:
            os.close(fd)
            busy.discard(tty)


def tree(root: int) -> list[int]:
    found, todo = [], [root]
    while todo:
        pid = todo.pop()
        found.append(pid)
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            todo += map(int, task.read_text().split())
    return found


def cpu(pids: list[int]) -> float:
    """Seconds, those of ended children included."""
    ticks = 0
    for pid in pids:
        stat = Path(f"/proc/{pid}/stat")
        if stat.exists():
            ticks += sum(map(int, stat.read_text().rsplit(")", 1)[1].split()[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def memory(pids: list[int]) -> float:
    """Megabytes resident."""
    pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in pids)
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def begun(command: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)


@asynccontextmanager
async def watching(kind: str, folder: Path, tmux: RealTmux, port: int) -> AsyncIterator[int]:
    """The pid of the watcher, once it is ready."""
    if kind != "wingman":
        command = [sys.executable, "-m", "tests.benchmarks.watchers", kind]
        process = begun([*command, str(tmux.server.address), "127.0.0.1", str(port)])
        try:
            await spend(2.0)
            yield process.pid
        finally:
            process.terminate()
            process.wait(10)
        return
    gateway = GatewayProcess(
        folder,
        tmux.server.address,
        TELEGRAM__API_BASE=f"http://127.0.0.1:{port}",
        TELEGRAM__TOKEN="1:bench",
        TELEGRAM__ALLOWED_USERS="1",
        MONITOR__POLL_INTERVAL="5",
    )
    gateway.program = "import sys; sys.argv.remove('--verbose'); from bot.cli import main; main()"
    await gateway.up()
    try:
        await spend(3.0)
        yield gateway.pid
    finally:
        await gateway.down()


async def measure(kind: str, options: argparse.Namespace) -> str:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        tmux = RealTmux(folder)
        stack.callback(tmux.kill)
        agent = folder / "claude"
        shutil.copy(shutil.which("cat") or "/bin/cat", agent)
        for number in range(options.panes):
            tmux.session(f"agent-{number}", str(agent), size=(120, 40))
        ttys = tmux.do("list-panes", "-a", "-F", "#{pane_tty}").split()
        random.Random(options.seed).shuffle(ttys)
        if options.load != "quiet":
            noisy = ttys[PLAYED:] if options.load == "spin" else ttys[-1:]
            load = begun([sys.executable, "-c", LOADS, options.load, *noisy])
            stack.callback(load.kill)
        telegram, play = Telegram(), Play(options.seed)
        server = await asyncio.start_server(telegram.answer, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with watching(kind, folder, tmux, port) as pid:
            before, began = cpu(tree(pid)), time.monotonic()
            await play.run(ttys[: min(PLAYED, len(ttys))], options.events, telegram)
            pids, took = tree(pid), time.monotonic() - began
            share, size = (cpu(pids) - before) / took, memory(pids)
        server.close()
    return row(kind, play, telegram, share, size)


def row(kind: str, play: Play, telegram: Telegram, share: float, size: float) -> str:
    late = sorted(
        (telegram.sent[tag][0] - at) / 1e6
        for tag, at in play.written.items()
        if tag in telegram.sent
    )
    missed = len(play.written) - len(late)
    twice = sum(len(times) > 1 for times in telegram.sent.values())
    half, most = (late[int(len(late) * p)] if late else float("nan") for p in (0.5, 0.99))
    return (
        f"| {kind} | {len(play.written)} | {missed} | {twice} | {half:.1f} | {most:.1f} "
        f"| {share * 100:.1f} | {size:.0f} |\n"
    )


async def main(options: argparse.Namespace) -> None:
    sys.stdout.write(f"{options.panes} panes, {options.load}\n\n")
    sys.stdout.write("| watcher | events | missed | twice | p50 ms | p99 ms | CPU % | MB |\n")
    sys.stdout.write("|---|---|---|---|---|---|---|---|\n")
    for kind in options.watchers.split(","):
        sys.stdout.write(await measure(kind, options))
        sys.stdout.flush()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--panes", type=int, default=100)
    parser.add_argument("--load", choices=["quiet", "spin", "flood"], default="quiet")
    parser.add_argument("--events", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--watchers", default="bare,poll,wingman")
    asyncio.run(main(parser.parse_args()))
