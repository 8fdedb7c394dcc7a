"""What an agent that was stopped leaves running in its terminal's place."""

from __future__ import annotations

import contextlib
import os
import signal

from bot.ports.clock import Clock

GRACE = 2.0
"""Seconds to end by itself when its terminal is gone: Claude Code (2.1.329) takes half of one."""
LAST = 1.0
"""Seconds to heed the signal that asks for it."""
LOOK_EVERY = 0.05


async def end_group(leader: int, clock: Clock) -> None:
    """Ends the process group that a pane's program began, and nothing that it has given a group
    of its own. Gemini CLI (0.61.0) with an MCP server takes no notice of the lost terminal, and
    works on without anybody seeing it.

    ``leader``: of a group that was there a moment ago; its number is not used anew before all of
    it has ended."""
    for patience, sent in ((GRACE, signal.SIGTERM), (LAST, signal.SIGKILL)):
        until = clock.monotonic() + patience
        while clock.monotonic() < until:
            if not _is_there(leader):
                return
            await clock.sleep(LOOK_EVERY)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(leader, sent)


def _is_there(leader: int) -> bool:
    try:
        os.killpg(leader, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True
