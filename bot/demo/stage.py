"""The stage of ``wingman demo``: a private tmux server with scripted agents at work."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from bot.demo.launcher import agent_argv
from bot.demo.stories import STORIES

_SIZE = ("-x", "120", "-y", "40")
_SECONDS = 10


class StageError(RuntimeError):
    """The demo's tmux server did not start, and what tmux said."""


class Stage:
    """Everything is below ``directory``; no server, socket or setting of the user is touched.

    A watcher holds a pipe from this process. When the pipe closes, also because this process was
    killed, the watcher ends the server.
    """

    def __init__(self, directory: Path, stories: Mapping[str, object] = STORIES) -> None:
        self._root = directory / "stage"
        self._stories = stories
        self._watcher: subprocess.Popen[bytes] | None = None
        self.socket_path = directory / "demo.sock"

    def log_path(self, name: str) -> Path:
        return self._root / f"{name}.jsonl"

    def up(self) -> None:
        self._end_server()
        shutil.rmtree(self._root, ignore_errors=True)
        self._root.mkdir(mode=0o700, parents=True)
        self._watch()
        for name, story in self._stories.items():
            self._start(name, story)

    def down(self) -> None:
        self._end_server()
        if self._watcher and self._watcher.stdin:
            self._watcher.stdin.close()
            self._watcher.wait(_SECONDS)
            self._watcher = None
        shutil.rmtree(self._root, ignore_errors=True)

    def _start(self, name: str, story: object) -> None:
        project = self._root / "projects" / name
        project.mkdir(parents=True)
        script = self._root / f"{name}.json"
        script.write_text(json.dumps(story), encoding="utf-8")
        command = "exec " + shlex.join(agent_argv(script, self._root, self.log_path(name)))
        done = self._tmux("new-session", "-d", "-s", name, *_SIZE, "-c", str(project), command)
        if done.returncode:
            self.down()
            raise StageError(done.stderr.strip())

    def _end_server(self) -> None:
        """Only the server behind our own socket."""
        if self.socket_path.exists():
            self._tmux("kill-server")
            self.socket_path.unlink(missing_ok=True)

    def _watch(self) -> None:
        ending = 'cat >/dev/null; tmux -S "$1" kill-server 2>/dev/null; rm -rf "$1" "$2"'
        self._watcher = subprocess.Popen(
            ["sh", "-c", ending, "wingman-demo", str(self.socket_path), str(self._root)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            start_new_session=True,
        )

    def _tmux(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["tmux", "-S", str(self.socket_path), "-f", "/dev/null", *arguments],
            env=_environment(),
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )


def _environment() -> dict[str, str]:
    """What the scripted agents get: none of our settings, among which there are tokens."""
    return {k: v for k, v in os.environ.items() if not k.startswith(("TMUX", "WINGMAN_"))}
