"""A scripted agent in a private tmux server, for tests."""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

from bot.core.screen import PaneFacts, Screen
from bot.demo.launcher import agent_argv
from bot.demo.layout import MARKER

PATIENCE = 30.0
FORMAT = (
    "#{pane_current_command}|#{pane_title}|#{cursor_x}|#{cursor_y}|#{alternate_on}|#{history_size}"
)


class Actor:
    def __init__(self, directory: Path, script: Mapping[str, Any], size: tuple[int, int]) -> None:
        self.directory = directory
        self._socket = directory / "t.sock"
        self._log = directory / "log.jsonl"
        path = directory / "script.json"
        path.write_text(json.dumps(script), encoding="utf-8")
        command = "exec " + shlex.join(agent_argv(path, directory, self._log))
        sides = ("-x", str(size[0]), "-y", str(size[1]))
        self.tmux(
            "new-session", "-d", *sides, command, ";", "set-option", "-w", "remain-on-exit", "on"
        )

    def tmux(self, *arguments: str, check: bool = True) -> str:
        command = ["tmux", "-S", str(self._socket), "-f", "/dev/null", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=check)
        return done.stdout

    def end(self) -> None:
        self.tmux("kill-server", check=False)

    def keys(self, *names: str) -> None:
        """Each key by itself, as a person presses them."""
        for name in names:
            seen = len(self.log("key"))
            self.tmux("send-keys", name)
            self.until(partial(self._more_keys_than, seen))

    def _more_keys_than(self, seen: int) -> bool:
        return len(self.log("key")) > seen

    def burst(self, text: str) -> None:
        """All characters at once."""
        self.tmux("send-keys", "-H", *(f"{byte:02x}" for byte in text.encode()))

    def paste(self, text: str, *then: str) -> None:
        """A bracketed paste, and keys, in one command list."""
        more = [";", "send-keys", *then] if then else []
        self.tmux("set-buffer", text, ";", "paste-buffer", "-p", *more)

    def text(self) -> str:
        """The screen, its marker as ``>`` for what stands in a test."""
        return self.tmux("capture-pane", "-p").replace(MARKER, ">")

    def screen(self) -> Screen:
        command, title, x, y, alternate, history = (
            self.tmux("display-message", "-p", FORMAT).rstrip("\n").split("|")
        )
        facts = PaneFacts(
            command=command,
            title=title,
            cursor_x=int(x),
            cursor_y=int(y),
            alternate=alternate == "1",
            history=int(history),
        )
        return Screen.of(
            self.tmux("capture-pane", "-p"), facts, self.tmux("capture-pane", "-p", "-e")
        )

    def fact(self, name: str) -> str:
        return self.tmux("display-message", "-p", f"#{{{name}}}").strip()

    def log(self, *events: str) -> list[dict[str, Any]]:
        if not self._log.exists():
            return []
        lines = [json.loads(line) for line in self._log.read_text("utf-8").splitlines()]
        return [line for line in lines if not events or line["event"] in events]

    def sees(self, *parts: str) -> str:
        """The screen, once it shows every part."""
        self.until(lambda: all(part in self.text() for part in parts), lambda: self.text())
        return self.text()

    def effect(self, event: str) -> dict[str, Any]:
        """The first effect of this name, once it is in the log."""
        self.until(lambda: bool(self.log(event)), lambda: f"{self.log()}\n{self.text()}")
        return self.log(event)[0]

    def until(self, condition: Callable[[], bool], told: Callable[[], str] = str) -> None:
        end = monotonic() + PATIENCE
        while not condition():
            assert monotonic() < end, told()
            Event().wait(0.01)
