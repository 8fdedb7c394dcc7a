"""The Workspace port by git's command line, for repositories that nobody has looked at.

A repository's own settings can name programs that git runs on the way: to show or convert a file,
to find out what changed, to fetch what is missing. Here none of them is run."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.core.errors import Refused
from bot.ports.workspace import Changes

PATIENCE = 10.0
"""Seconds for one call of git."""
MOST_PATCH, MOST_ELSE = 1_000_000, 100_000
"""Bytes that are read of its output."""

_SAFE = {
    "core.fsmonitor": "false",
    "core.hooksPath": "/dev/null",
    "core.pager": "cat",
    "core.quotePath": "false",
    "diff.external": "",
    "protocol.allow": "never",
    "safe.bareRepository": "explicit",
}
_ENVIRONMENT = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_PAGER": "cat",
    "LC_ALL": "C.UTF-8",
}
_KEPT = ("PATH", "HOME", "XDG_CONFIG_HOME", "TMPDIR")
_DIFF = (
    "diff",
    "--no-ext-diff",
    "--no-textconv",
    "--no-color",
    "--submodule=short",
    "--ignore-submodules=dirty",
)
_FILTERS = r"^filter\..*\.(clean|smudge|process|required)$"
_OF_THE_OWNER = ("system", "global")


@dataclass(frozen=True, slots=True)
class _Output:
    text: str
    cut: bool


@dataclass(frozen=True, slots=True)
class _Given:
    """What one call gets besides what all get."""

    settings: Mapping[str, str] = field(default_factory=dict)
    index: str = ""


class Git:
    def __init__(self, program: str = "git", patience: float = PATIENCE) -> None:
        self._program = program
        self._patience = patience

    async def head(self, directory: str) -> str:
        return await self._base(directory)

    async def changes(self, directory: str, since: str = "") -> Changes:
        inside = await self._git(directory, "rev-parse", "--is-inside-work-tree")
        if inside.text.strip() != "true":
            raise Refused(f"{directory} is no git repository with files to compare")
        place = ("rev-parse", "--path-format=absolute", "--git-path", "index")
        index = (await self._git(directory, *place)).text.removesuffix("\n")
        filters = await self._filters(directory)
        # Of its own, as a diff writes to it (git 2.39, even without optional locks), and the agent
        # may be at work on the real one.
        with tempfile.TemporaryDirectory(prefix="wingman-diff-") as folder:
            copy = str(Path(folder) / "index")
            await asyncio.to_thread(_copy, index, copy)
            return await self._compared(directory, _Given(filters, copy), since)

    async def _compared(self, directory: str, given: _Given, since: str) -> Changes:
        head = await self._base(directory)
        base = since if since and await self._leads_to(directory, since, head) else head
        commits = await self._commits(directory, base, head)
        stat = await self._git(directory, *_DIFF, "--stat=72", base, "--", given=given)
        patch = await self._git(directory, *_DIFF, base, "--", given=given, most=MOST_PATCH)
        listing = ("ls-files", "-z", "--others", "--exclude-standard")
        names = (await self._git(directory, *listing, given=given)).text.split("\0")[:-1]
        return Changes(stat.text.rstrip("\n"), patch.text, tuple(names), patch.cut, commits)

    async def _leads_to(self, directory: str, since: str, head: str) -> bool:
        """Not after a change of branches, or when its commits were written anew: what others did
        would be taken for the agent's."""
        try:
            if since == await self._nothing(directory):
                return True
            await self._git(directory, "merge-base", "--is-ancestor", since, head)
        except Refused:
            return False
        return True

    async def _commits(self, directory: str, base: str, head: str) -> int:
        if base == head:
            return 0
        span = (head,) if base == await self._nothing(directory) else (f"{base}..{head}",)
        counted = await self._git(directory, "rev-list", "--count", *span, "--")
        return int(counted.text)

    async def _base(self, directory: str) -> str:
        """The last commit, or nothing at all before the first one."""
        try:
            head = await self._git(directory, "rev-parse", "--verify", "--quiet", "HEAD")
        except Refused:
            return await self._nothing(directory)
        return head.text.strip()

    async def _nothing(self, directory: str) -> str:
        """The tree without a file."""
        tree = await self._git(directory, "hash-object", "-t", "tree", "/dev/null")
        return tree.text.strip()

    async def _filters(self, directory: str) -> dict[str, str]:
        """Settings that switch off the filters which the repository itself names; those of the
        machine's owner, such as for large files, stay as they are."""
        listed = await self._git(
            directory,
            "config",
            "-z",
            "--show-scope",
            "--name-only",
            "--get-regexp",
            _FILTERS,
            fails=True,
        )
        if listed.cut:
            raise Refused(f"{directory} has too many settings of its own to be looked at safely")
        fields = listed.text.split("\0")
        scoped = zip(fields[::2], fields[1::2], strict=False)
        named = [name for scope, name in scoped if scope not in _OF_THE_OWNER]
        drivers = {name.rpartition(".")[0] for name in named}
        return {
            f"{driver}.{key}": "false" if key == "required" else ""
            for driver in sorted(drivers)
            for key in ("clean", "smudge", "process", "required")
        }

    async def _git(
        self,
        directory: str,
        *arguments: str,
        given: _Given | None = None,
        most: int = MOST_ELSE,
        fails: bool = False,
    ) -> _Output:
        """Raises Refused when it does not succeed; with ``fails`` that is an empty output."""
        argv = (self._program, "-C", directory, "--no-pager", *arguments)
        try:
            return await self._run(argv, _environment(given or _Given()), most)
        except (FileNotFoundError, PermissionError):
            raise Refused("git is not installed on this machine") from None
        except TimeoutError:
            raise Refused(f"git took longer than {self._patience:g} s in {directory}") from None
        except _Failed as failed:
            if fails:
                return _Output("", cut=False)
            raise Refused(_why(directory, str(failed))) from None

    async def _run(
        self, argv: Sequence[str], environment: Mapping[str, str], most: int
    ) -> _Output:
        # A session of its own: whatever it starts ends with it.
        process = await asyncio.create_subprocess_exec(
            *argv,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            async with asyncio.timeout(self._patience), asyncio.TaskGroup() as group:
                said = group.create_task(_read(process.stderr, MOST_ELSE))
                out = await _read(process.stdout, most)
                if len(out) > most:
                    _kill(process)
                code = await process.wait()
        finally:
            _kill(process)
            await process.wait()
        if code and len(out) <= most:
            raise _Failed(said.result().decode("utf-8", "replace"))
        return _Output(out[:most].decode("utf-8", "replace"), cut=len(out) > most)


class _Failed(Exception):
    """With what git said."""


async def _read(stream: asyncio.StreamReader, most: int) -> bytes:
    """Up to a little more than ``most``: then there is more than that."""
    found = bytearray()
    while len(found) <= most and (piece := await stream.read(65536)):
        found += piece
    return bytes(found)


def _kill(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def _copy(index: str, copy: str) -> None:
    """There is none before anything was added. Its time goes with it: git takes a file that is as
    old as the index for one that may have changed since, and looks into it."""
    try:
        before = os.stat(index)
        shutil.copyfile(index, copy)
        os.utime(copy, ns=(before.st_atime_ns, before.st_mtime_ns))
    except FileNotFoundError:
        return
    except OSError as error:
        raise Refused(f"{index} cannot be read: {error.strerror or error}") from error


def _environment(given: _Given) -> dict[str, str]:
    """Settings by environment: a name in them may hold any character."""
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    settings = {**_SAFE, **given.settings}
    environment |= {**_ENVIRONMENT, "GIT_CONFIG_COUNT": str(len(settings))}
    for number, (name, setting) in enumerate(settings.items()):
        environment[f"GIT_CONFIG_KEY_{number}"] = name
        environment[f"GIT_CONFIG_VALUE_{number}"] = setting
    return environment | ({"GIT_INDEX_FILE": given.index} if given.index else {})


def _why(directory: str, said: str) -> str:
    if "not a git repository" in said:
        return f"{directory} is not in a git repository"
    if "cannot change to" in said:
        return f"there is no directory {directory} any more"
    first = next((line for line in said.splitlines() if line.strip()), "it did not say why")
    return f"git refused in {directory}: {first.removeprefix('fatal: ')}"
