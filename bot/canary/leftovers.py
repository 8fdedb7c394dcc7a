"""What an agent leaves running when its terminal is gone."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Collection
from pathlib import Path


async def end_leftovers(folder: Path, sessions: Collection[int] = ()) -> tuple[int, ...]:
    """Ends the programs that lie below ``folder``, which is the trial's own, and those that its
    panes began, whose process ids are ``sessions``; the ids of what was ended.

    Codex 0.169.0 puts a copy of itself into its home and runs it as a daemon. Gemini CLI 0.61.0
    with an MCP server outlives its terminal, and the server outlives nothing else."""
    try:
        process = await asyncio.create_subprocess_exec(
            # Without -ww procps cuts a line at $COLUMNS, even into a pipe.
            *("ps", "-A", "-ww", "-o", "pid=,args="),
            stdout=asyncio.subprocess.PIPE,
        )
    except FileNotFoundError:
        return ()
    listed, _ = await process.communicate()
    ended = []
    for line in listed.decode(errors="replace").splitlines():
        pid, _, command = line.strip().partition(" ")
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if command.lstrip().startswith(f"{folder}/"):
                os.kill(int(pid), signal.SIGTERM)
                ended.append(int(pid))
            elif os.getsid(int(pid)) in sessions:
                os.kill(int(pid), signal.SIGKILL)  # it has taken no notice of SIGHUP
                ended.append(int(pid))
    return tuple(ended)
