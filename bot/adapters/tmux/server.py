"""One tmux server: how it is named on a command line, and one-shot commands to it."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import re
import shlex
import shutil
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.adapters.tmux import leash
from bot.core.errors import TerminalUnusable

FLOOR = (3, 3, "a")
ANSWERS_WITHIN = 10.0
_VERSION = re.compile(r"(?:next-)?(\d+)\.(\d+)([a-z]?)")
_PRIVATE = ("TMUX", "WINGMAN_", "TELEGRAM_", "TWILIO_")
"""What programs in tmux must not inherit: our secrets, and that we ourselves run in a pane."""

_INSTALL = {
    "apt-get": "sudo apt-get install tmux",
    "dnf": "sudo dnf install tmux",
    "pacman": "sudo pacman -S tmux",
    "apk": "sudo apk add tmux",
    "zypper": "sudo zypper install tmux",
    "brew": "brew install tmux",
}


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    out: str
    error: str


@dataclass(frozen=True, slots=True)
class TmuxServer:
    """Named by ``-L name`` or ``-S path``; by neither: the one tmux itself would take."""

    socket_name: str | None = None
    socket_path: Path | None = None
    binary: str = "tmux"

    @classmethod
    def of_environment(cls, environment: Mapping[str, str] | None = None) -> TmuxServer:
        """The server of the pane we run in, else the default one."""
        variables = os.environ if environment is None else environment
        path = variables.get("TMUX", "").rsplit(",", 2)[0]
        if not path or Path(path) == cls().address:
            return cls()
        return cls(socket_path=Path(path))

    @property
    def address(self) -> Path:
        if self.socket_path is not None:
            return self.socket_path
        folder = Path(os.environ.get("TMUX_TMPDIR") or "/tmp")  # noqa: S108  # as tmux does
        return folder.resolve() / f"tmux-{os.getuid()}" / (self.socket_name or "default")

    def listens(self) -> bool:
        """tmux 3.3a leaves its socket behind when it ends, so that its being there says little."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            probe.setblocking(False)
            try:
                return probe.connect_ex(str(self.address)) in (0, errno.EAGAIN)
            except OSError:  # a path too long for a socket
                return False

    @property
    def selector(self) -> tuple[str, ...]:
        if self.socket_path is not None:
            return ("-S", str(self.socket_path))
        return ("-L", self.socket_name) if self.socket_name else ()

    def argv(self, *arguments: str) -> list[str]:
        """``-u``: UTF-8, whatever the locale says."""
        return [self.binary, "-u", *self.selector, *arguments]

    def shown(self, *arguments: str) -> str:
        """For a person to paste into a shell."""
        return shlex.join(["tmux", *self.selector, *arguments])

    async def run(self, *arguments: str, stdin: bytes = b"", starts: bool = False) -> Answer:
        """One command by its own process. ``starts``: it may start the server (tmux -N: not)."""
        argv = self.argv(*arguments) if starts else self.argv("-N", *arguments)
        try:
            process = await asyncio.create_subprocess_exec(
                *argv,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                env=clean_environment(),
            )
        except FileNotFoundError:
            raise TerminalUnusable(
                f"tmux is not installed. Install it: {install_line()}"
            ) from None
        try:
            async with asyncio.timeout(ANSWERS_WITHIN):
                out, error = await process.communicate(stdin)
        except TimeoutError:
            raise TerminalUnusable(f"tmux did not answer within {ANSWERS_WITHIN:g} s") from None
        finally:
            await reap(process)
        status = -1 if process.returncode is None else process.returncode
        return Answer(status, out.decode("utf-8", "replace"), error.decode("utf-8", "replace"))

    async def check(self) -> str:
        """The installed version. Raises TerminalUnusable when there is none or it is too old."""
        answer = await self.run("-V", starts=True)
        version = answer.out.strip().removeprefix("tmux ")
        if complaint := too_old(version):
            raise TerminalUnusable(complaint)
        return version


def suspend(client: asyncio.subprocess.Process) -> str:
    """The first line of a client of ours. A session that a client shows counts as attached, and
    then no bell and no activity is marked in its current window. A suspended client counts for
    nothing; its commands and notifications go on (tmux 3.3a and 3.8). Without a target tmux may
    take another client of that session: a person's."""
    return f"suspend-client -t client-{client.pid}"


async def start_client(server: TmuxServer) -> asyncio.subprocess.Process:
    """A control client that takes no output and ends with us."""
    target = await _least_disturbed(server)
    command = server.argv("-N", "-C", "attach-session", "-E", "-f", "no-output", *target)
    script = str(Path(leash.__file__))
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-S", script, str(os.getpid())),
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=clean_environment(),
    )


async def end_client(client: asyncio.subprocess.Process) -> None:
    assert client.stdin is not None
    client.stdin.close()
    await reap(client)
    with contextlib.suppress(OSError):  # what was written last may not have arrived
        await client.stdin.wait_closed()


_ALERTS = "#{window_bell_flag}#{window_activity_flag}#{window_silence_flag}"
_CURRENT = f"#{{session_id}} #{{session_attached}} {_ALERTS} #{{session_activity}}"
_SESSION = re.compile(r"(?P<id>\$\d+) (?P<shown>\d+) (?P<marks>[01]{3}) (?P<used>\d+)")


async def _least_disturbed(server: TmuxServer) -> tuple[str, ...]:
    """Attaching takes the marks from a session's current window, and makes the session the one
    that was used last: one that somebody looks at, or without marks, and used last already. Where
    every session has marks, one loses them."""
    try:
        answer = await server.run("list-windows", "-a", "-f", "#{window_active}", "-F", _CURRENT)
    except TerminalUnusable:
        return ()
    found = filter(None, map(_SESSION.fullmatch, answer.out.splitlines()))
    ranks = [(m["shown"] != "0", m["marks"] == "000", int(m["used"]), m["id"]) for m in found]
    return ("-t", max(ranks)[-1]) if ranks else ()


async def settle(server: TmuxServer) -> None:
    """tmux counts anew who is attached where when some client ends."""
    with contextlib.suppress(TerminalUnusable):
        await server.run("has-session")


async def reap(process: asyncio.subprocess.Process) -> None:
    """Ends a process that has not ended by itself, so that it leaves no zombie behind."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def too_old(version: str) -> str:
    """What to say to a tmux of this version, empty when it will do. A ``master`` build will."""
    found = _VERSION.fullmatch(version)
    if found is None or (int(found[1]), int(found[2]), found[3]) >= FLOOR:
        return ""
    floor = f"{FLOOR[0]}.{FLOOR[1]}{FLOOR[2]}"
    return f"tmux {version} is too old: {floor} or newer is needed. Install it: {install_line()}"


def at_least(version: str, wanted: tuple[int, int]) -> bool:
    """Whether a tmux of that version has what came with ``wanted``. Of a ``master`` build nobody
    can tell."""
    found = _VERSION.fullmatch(version)
    return found is not None and (int(found[1]), int(found[2])) >= wanted


def install_line() -> str:
    tools = ["brew"] if sys.platform == "darwin" else list(_INSTALL)
    found = next((tool for tool in tools if shutil.which(tool)), None)
    return _INSTALL[found] if found else "see https://github.com/tmux/tmux/wiki/Installing"


def mismatch(text: str, version: str = "") -> str:
    """What to say when the program and the running server are not of one version, else empty."""
    if "server exited unexpectedly" not in text and "protocol version mismatch" not in text:
        return ""
    program = f"The tmux program ({version})" if version else "The tmux program"
    return (
        f"{program} does not fit the tmux server that is running, which is of another version "
        "(an upgrade replaces the program, not the server). Put the older program first in PATH, "
        "or end the running sessions and start them again."
    )


def clean_environment(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """Ours without what is private, and with a UTF-8 locale also under LANG=C."""
    variables = os.environ if environment is None else environment
    clean = {name: value for name, value in variables.items() if not name.startswith(_PRIVATE)}
    if "TMUX_TMPDIR" in variables:
        clean["TMUX_TMPDIR"] = variables["TMUX_TMPDIR"]
    locale = clean.get("LC_ALL") or clean.get("LC_CTYPE") or clean.get("LANG") or ""
    if "utf8" not in locale.lower().replace("-", ""):
        clean.pop("LC_ALL", None)
        clean["LC_CTYPE"] = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
    return clean
