"""Starts a scripted agent so that tmux sees a program called ``claude``."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import bot


def agent_argv(script: Path, directory: Path, log: Path | None = None) -> list[str]:
    """The command line of an agent that plays ``script``; ``directory`` takes its executable."""
    executable = _named_claude(directory)
    root = Path(bot.__file__).resolve().parent.parent
    argv = ["env", f"PYTHONPATH={root}", f"PYTHONHOME={sys.base_prefix}"]
    argv += [str(executable), "-S", "-m", "bot.demo.agent", str(script)]
    return argv if log is None else [*argv, "--log", str(log)]


def _named_claude(directory: Path) -> Path:
    """Linux names a process after its first argument, macOS after the file: there it is copied,
    next to a link to the libraries that the interpreter looks for beside itself."""
    target = directory / "bin" / "claude"
    if target.exists():
        return target
    interpreter = Path(sys.executable).resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    if sys.platform == "darwin":
        libraries = directory / "lib"
        if not libraries.exists():
            libraries.symlink_to(Path(sys.base_prefix) / "lib")
        shutil.copy2(interpreter, target)
    else:
        target.symlink_to(interpreter)
    return target
