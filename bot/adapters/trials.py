"""The last trial of each version of each agent, in a file of the state directory."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import json
import os
import shutil
import signal
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from bot.adapters.programs import version_of
from bot.core.trials import Finding, Installed, Trial, trial_of
from bot.ports.clock import Clock

FILE = "canary.json"
MOST = 20
"""Versions of one agent that are remembered."""
ASKED_AGAIN = 6 * 3600.0
"""Seconds after which a program is asked for its version though its file is the same: the shims
of version managers stay as they are when what they start changes."""
LONGEST = 2400.0
"""Seconds for one trial: both ways, each with as many as it may take."""
ENDS_WITHIN = 15.0
_PASSED_ON = ("PATH", "HOME", "LANG", "TMPDIR", "COLORTERM")


def kept(state_dir: Path) -> tuple[Trial, ...]:
    """Oldest first. What cannot be read, also because another version wrote it, was never
    there."""
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
        documents = json.loads((state_dir / FILE).read_text(encoding="utf-8"))["trials"]
        return tuple(
            Trial(**{**one, "findings": tuple(Finding(**f) for f in one["findings"])})
            for one in documents
        )
    return ()


def keep(state_dir: Path, trial: Trial) -> None:
    """In the place of what was known of that version. Raises OSError."""
    state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(state_dir):
        before = kept(state_dir)
        known = trial_of(before, trial.agent, trial.version)
        others = [one for one in before if one != known]
        of_it = [one for one in others if one.agent == trial.agent]
        forgotten = of_it[: max(0, len(of_it) + 1 - MOST)]
        documents = [asdict(one) for one in (*others, trial) if one not in forgotten]
        file, temporary = tempfile.mkstemp(prefix=f".{FILE}-", dir=state_dir)
        with os.fdopen(file, "w", encoding="utf-8") as stream:
            json.dump({"trials": documents}, stream, indent=1)
        Path(temporary).replace(state_dir / FILE)


@contextmanager
def _alone(state_dir: Path) -> Iterator[None]:
    """A person and a gateway may try two agents at the same time."""
    lock = os.open(state_dir / f".{FILE}.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


@dataclass(frozen=True, slots=True)
class _Asked:
    file: tuple[str, int, int]
    """Where it really is, when that was changed last, in nanoseconds, and its size."""
    at: float
    answer: Installed


def _file(program: str) -> tuple[tuple[str, int, int], datetime]:
    """Packages come with any date; when a file was put there its own record tells."""
    status = os.stat(path := os.path.realpath(program))
    since = datetime.fromtimestamp(status.st_ctime, UTC)
    return (path, status.st_ctime_ns, status.st_size), since


class DiskTrials:
    def __init__(
        self,
        state_dir: Path,
        programs: Mapping[str, str],
        command: Sequence[str],
        clock: Clock,
        patience: float = ENDS_WITHIN,
    ) -> None:
        """``programs``: agent id to what is looked for on PATH. ``command``: what tries an agent
        out, given the state directory and the agent's id; none: nothing is."""
        self._state_dir = state_dir
        self._programs = programs
        self._command = command
        self._clock = clock
        self._patience = patience
        self._asked: dict[str, _Asked] = {}

    async def kept(self) -> tuple[Trial, ...]:
        return kept(self._state_dir)

    async def installed(self, agents: Collection[str]) -> Mapping[str, Installed]:
        found = [await self._installed(agent) for agent in sorted(agents)]
        return {now.agent: now for now in found if now is not None}

    async def _installed(self, agent: str) -> Installed | None:
        program = shutil.which(self._programs.get(agent, ""))
        if program is None:
            return None
        file, since = _file(program)
        known, now = self._asked.get(agent), self._clock.monotonic()
        if known is not None and known.file == file and now - known.at < ASKED_AGAIN:
            return known.answer
        version = await version_of(program)
        if not version:
            return None
        answer = Installed(agent, version, since)
        if known is not None and known.file == file and known.answer.version != version:
            answer = replace(answer, since=self._clock.now())
        self._asked[agent] = _Asked(file, now, answer)
        return answer

    async def try_out(self, agent: str) -> None:
        """In a process of its own, without our secrets: it goes on with what it was given when
        this one is killed, and cleans up behind itself."""
        if not self._command:
            return
        process = await asyncio.create_subprocess_exec(
            *self._command,
            str(self._state_dir),
            agent,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
            start_new_session=True,
        )
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LONGEST):
                    await process.wait()
        finally:
            await _ended(process, self._patience)


async def _ended(process: asyncio.subprocess.Process, patience: float) -> None:
    """By the signal that lets it end what it has started."""
    if process.returncode is not None:
        return
    process.send_signal(signal.SIGINT)
    try:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await process.wait()
    finally:  # in a task that is being cancelled Python 3.11 tells of no time-out
        if process.returncode is None:
            process.kill()
            await process.wait()
