"""The Spawner port on tmux. Names, directories and arguments go as arguments, never as formats."""

from __future__ import annotations

import asyncio
import re
from itertools import count
from pathlib import Path

import libtmux
from libtmux.exc import LibTmuxException

from bot.adapters.tmux import guard
from bot.adapters.tmux.remains import end_group
from bot.adapters.tmux.server import TmuxServer, mismatch
from bot.core.errors import Refused, TerminalUnusable
from bot.core.ids import PaneId, PaneKey, ServerKey
from bot.ports.clock import Clock
from bot.ports.spawner import Launch

_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_MADE = re.compile(r"(\d+) (\d+) (%\d+) (\d+)\n")
_ASK_MADE = "#{pid} #{start_time} #{pane_id} #{pane_pid}"

_EXEC = 'exec "$@"'
_EXEC_IN = 'cd -- "$1" && shift && exec "$@"'


class TmuxSpawner:
    def __init__(self, server: TmuxServer, clock: Clock) -> None:
        self._server = server
        self._clock = clock

    async def spawn(self, launch: Launch) -> PaneKey:
        directory = checked(launch)
        answer = await self._server.run(*new_session(launch, directory), starts=True)
        made = _MADE.fullmatch(answer.out)
        if answer.status == 0 and made:
            server = ServerKey(int(made[1]), int(made[2]))
            return PaneKey(server, PaneId(made[3]), int(made[4]))
        if "duplicate session" in answer.error:
            free = await asyncio.to_thread(self._free_name, launch.name)
            raise Refused(
                f"a tmux session '{launch.name}' exists already: take another name, e.g. '{free}'"
            )
        said = answer.error.strip()
        raise TerminalUnusable(mismatch(said) or f"tmux started no session: {said or answer.out}")

    def _free_name(self, name: str) -> str:
        path = self._server.socket_path
        server = libtmux.Server(
            socket_name=self._server.socket_name,
            socket_path=path,
            tmux_bin=self._server.binary,
        )
        try:
            taken = {session.session_name for session in server.sessions}
        except LibTmuxException:
            taken = set()
        return next(free for n in count(2) if (free := f"{name[:60]}-{n}") not in taken)

    async def kill(self, pane: PaneKey) -> bool:
        same = guard.all_of(guard.same_pane(pane))
        end = f"display-message -p ENDED ; kill-session -t {pane.pane}"
        answer = await self._server.run("if-shell", "-F", "-t", pane.pane, same, end)
        ended = answer.out == "ENDED\n"
        if ended:
            await end_group(pane.pid, self._clock)
        return ended

    def attach_command(self, session: str) -> str:
        return self._server.shown("attach", "-t", f"={session}")


def checked(launch: Launch) -> Path:
    """The directory to start in. Raises Refused."""
    if not _NAME.fullmatch(launch.name):
        raise Refused(
            f"{launch.name!r} cannot be the name of a session: take 1 to 64 of the characters "
            "A-Z a-z 0-9 _ -"
        )
    directory = Path(launch.directory)
    if not directory.is_absolute() or "\0" in launch.directory:
        raise Refused(f"{launch.directory!r} is not a full path: begin it with /")
    if not directory.is_dir():
        what = "is no directory" if directory.exists() else "does not exist"
        raise Refused(f"{launch.directory!r} {what}: create it first, or name another one")
    if not launch.argv:
        raise Refused("there is no program to start")
    return directory


def new_session(launch: Launch, directory: Path) -> list[str]:
    """``-c`` is a format (``#(...)`` in it runs), and a single argument a shell's command line;
    with several tmux 3.3a runs the program itself."""
    argv = list(launch.argv)
    start = str(directory)
    if "#" in start:
        argv, start = ["sh", "-c", _EXEC_IN, "sh", start, *argv], "/"
    elif len(argv) == 1:
        argv = ["sh", "-c", _EXEC, "sh", *argv]
    options = ["-d", "-P", "-F", _ASK_MADE, "-s", launch.name, "-c", start]
    options += ["-x", str(launch.width), "-y", str(launch.height)]
    for name, value in launch.environment.items():
        options += ["-e", f"{name}={value}"]
    return ["new-session", *map(_argument, [*options, "--", *argv])]


def _argument(text: str) -> str:
    """A ``;`` at the end of an argument would end the tmux command."""
    return f"{text[:-1]}\\;" if text.endswith(";") else text
