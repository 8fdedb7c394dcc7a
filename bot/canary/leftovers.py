"""What an agent leaves running when its terminal is gone."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from pathlib import Path


async def end_leftovers(folder: Path) -> tuple[int, ...]:
    """Ends the programs that lie below ``folder``, which is the trial's own; their process ids.

    Codex 0.169.0 puts a copy of itself into its home and runs it as a daemon."""
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
        if command.lstrip().startswith(f"{folder}/"):
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGTERM)
                ended.append(int(pid))
    return tuple(ended)
