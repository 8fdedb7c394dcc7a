"""The line that an agent's settings name as hook: how ``wingman-hook`` is started at once."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from bot.core.hook_settings import PROGRAM

HOOK = Path(__file__).resolve().parents[1] / "hook.py"


def hook_command(state_dir: Path, python: Path | None = None) -> str:
    """For ``/bin/sh -c``, as Claude Code (2.1.329) runs it. It ends without a word where Wingman
    was removed since. Without the site packages (``-I -S``) Python starts twice as fast."""
    interpreter = python or Path(sys.executable)
    program = shlex.quote(str(interpreter.with_name(PROGRAM)))
    words = [str(interpreter), "-I", "-S", str(HOOK), str(state_dir.expanduser().absolute())]
    return f"[ -x {program} ] || exit 0; exec {shlex.join(words)}"
