"""The real Claude Code in tmux, cut off from the network, against the scripted model."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from threading import Event
from time import monotonic
from types import TracebackType
from typing import Any

from tests.real_agents.fake_anthropic import READY
from tests.real_agents.modellog import ModelLog, ToolResult
from tests.real_agents.namespace import Namespace
from tests.real_agents.packages import program
from tests.real_agents.scenario import CORE

REPOSITORY = Path(__file__).resolve().parents[2]
PORT = 8199  # every rig has a loopback of its own
PATIENCE = 30.0
DIALOG = r"Do you want|Enter to select|Would you like to|trust this folder"
AT_COMPOSER = r"^>\u00a0"
_MARKER = "\N{HEAVY RIGHT-POINTING ANGLE QUOTATION MARK ORNAMENT}"
_KEY = "sk-ant-dummy-" + "0" * 40
_QUIET = {
    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
    "DISABLE_AUTOUPDATER": "1",
    "DISABLE_TELEMETRY": "1",
    "DISABLE_ERROR_REPORTING": "1",
    "DISABLE_BUG_COMMAND": "1",
}
_PATH = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
_TMUX_CONF = (
    'set -g default-terminal "tmux-256color"\nset -g remain-on-exit on\nset -g status off\n'
)
_APP = 'def greet(name):\n    return "helo " + name\n\n\nprint(greet("you"))\n'


def until(condition: Callable[[], bool], told: Callable[[], str], patience: float) -> None:
    end = monotonic() + patience
    while not condition():
        if monotonic() > end:
            raise TimeoutError(told())
        Event().wait(0.03)


class Pane:
    """One pane of the rig, by its id."""

    def __init__(self, rig: Rig, target: str) -> None:
        self._rig, self.target = rig, target

    def text(self) -> str:
        """The screen, its marker as ``>`` for what stands in a test."""
        return self._rig.tmux("capture-pane", "-p", "-t", self.target).replace(_MARKER, ">")

    def fact(self, name: str) -> str:
        return self._rig.tmux("display-message", "-p", "-t", self.target, f"#{{{name}}}").strip()

    def keys(self, *names: str, apart: float = 0.25) -> None:
        """Keys as a person presses them, not in one burst."""
        for name in names:
            self._rig.tmux("send-keys", "-t", self.target, name)
            Event().wait(apart)

    def burst(self, text: str) -> None:
        codes = [f"{byte:02x}" for byte in text.encode()]
        self._rig.tmux("send-keys", "-t", self.target, "-H", *codes)

    def paste(self, text: str, *then: str) -> None:
        """A bracketed paste, and keys, in one command list."""
        more = [";", "send-keys", "-t", self.target, *then] if then else []
        self._rig.tmux(
            "set-buffer", "-b", "rig", text, ";",
            "paste-buffer", "-p", "-d", "-b", "rig", "-t", self.target, *more,
        )  # fmt: skip

    def sees(self, pattern: str, patience: float = PATIENCE) -> str:
        until(lambda: self._matches(pattern), lambda: f"no {pattern!r}:\n{self.text()}", patience)
        return self.text()

    def sees_no(self, pattern: str, patience: float = PATIENCE) -> str:
        until(
            lambda: not self._matches(pattern),
            lambda: f"still {pattern!r}:\n{self.text()}",
            patience,
        )
        return self.text()

    def _matches(self, pattern: str) -> bool:
        return re.search(pattern, self.text(), re.MULTILINE) is not None

    def say(self, message: str) -> None:
        """A prompt for the agent, once it is at its composer."""
        self.sees(AT_COMPOSER)
        self.burst(message)
        self.sees(re.escape(message))
        self.keys("Enter")

    def play(self, case: str) -> str:
        """Plays a case up to its dialog; long enough on the screen to be answered."""
        self.say(f"case:{case} go")
        self.sees(DIALOG)
        Event().wait(0.5)
        return self.text()


class Rig:
    """Everything is below ``directory``: home, project, logs and the tmux socket."""

    def __init__(
        self,
        version: str,
        directory: Path,
        *,
        trusted: bool = True,
        settings: Mapping[str, Any] | None = None,
        scenarios: tuple[Path, ...] = (),
    ) -> None:
        self.version = version
        self.home, self.project = directory / "home", directory / "shop"
        self.socket_path = directory / "tmux.sock"
        self.wrapper = directory / "bin" / "claude"
        self.log = ModelLog(directory / "api.jsonl")
        self.scenarios = [CORE, *scenarios]
        self.settings = dict(settings or {})
        self._trusted, self._directory = trusted, directory
        self._namespace = Namespace(f"wingman-{os.getpid()}-{abs(hash(directory)) % 10**6}")
        self._stack = ExitStack()

    def __enter__(self) -> Rig:
        with ExitStack() as stack:
            stack.enter_context(self._namespace)
            self._seed()
            self._start_model(stack)
            stack.callback(self.tmux, "kill-server", check=False)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def start(self, *, mode: str = "default", width: int = 120, height: int = 40) -> Pane:
        """The agent in a new session."""
        command = shlex.join([str(self.wrapper), "--permission-mode", mode])
        sides = ("-x", str(width), "-y", str(height), "-c", str(self.project))
        target = self.tmux("new-session", "-d", "-P", "-F", "#{pane_id}", *sides, command)
        return Pane(self, target.strip())

    def tmux(self, *arguments: str, check: bool = True) -> str:
        conf = self._directory / "tmux.conf"
        command = ["tmux", "-S", str(self.socket_path), "-f", str(conf), *arguments]
        environment = {"HOME": str(self.home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=10, check=check
        )
        return done.stdout

    def result(self, pane: Pane, number: int = 0) -> ToolResult:
        """The answer to the newest call. An agent that was stopped tells the model only with the
        next message, so one is sent when nothing comes by itself."""
        try:
            until(lambda: len(self.log.results()) > number, lambda: "", 3)
        except TimeoutError:
            pane.say("What now?")
            until(lambda: len(self.log.results()) > number, pane.text, PATIENCE)
        return self.log.results()[-1]

    def _start_model(self, stack: ExitStack) -> None:
        output = stack.enter_context((self._directory / "model.log").open("w+"))
        command = [*self._namespace.command(), sys.executable, "-m"]
        command += ["tests.real_agents.fake_anthropic", "--port", str(PORT)]
        command += ["--log", str(self._directory / "api.jsonl"), "--folder", str(self.project)]
        command += ["--scenario", *map(str, self.scenarios)]
        model = subprocess.Popen(command, cwd=REPOSITORY, stdout=output, stderr=output)
        stack.callback(model.wait)
        stack.callback(model.kill)
        path = self._directory / "model.log"
        until(lambda: READY in path.read_text("utf-8"), path.read_text, PATIENCE)

    def _seed(self) -> None:
        source = self.project / "src"
        for folder in (self.home / ".claude", self.home / ".tmp", source, self.wrapper.parent):
            folder.mkdir(parents=True)
        (source / "app.py").write_text(_APP, encoding="utf-8")
        rows = "".join(f"ROW_{number:02} = {number}\n" for number in range(1, 6))
        (source / "table.py").write_text(rows, encoding="utf-8")
        (self.project / "README.md").write_text("# Project\n\nA sample.\n", encoding="utf-8")
        (self._directory / "tmux.conf").write_text(_TMUX_CONF, encoding="utf-8")
        configuration: dict[str, Any] = {
            "hasCompletedOnboarding": True,
            "theme": "dark",
            "hasSeenAutoDefaultNotice": True,
            "officialMarketplaceAutoInstallAttempted": True,
            "customApiKeyResponses": {"approved": [_KEY[-20:]], "rejected": []},
        }
        if self._trusted:
            accepted = {"hasTrustDialogAccepted": True, "allowedTools": []}
            configuration["projects"] = {str(self.project): accepted}
        (self.home / ".claude.json").write_text(json.dumps(configuration), encoding="utf-8")
        settings = self.home / ".claude" / "settings.json"
        settings.write_text(json.dumps(self.settings), encoding="utf-8")
        self._write_wrapper()

    def _write_wrapper(self) -> None:
        """What may be run in place of the real command: in the namespace, with our environment."""
        environment = {
            "HOME": str(self.home),
            "PATH": f"{program('claude', self.version).parent}:{_node_folder()}:{_PATH}",
            "LANG": "C.UTF-8",
            "SHELL": "/bin/bash",
            "USER": "dev",
            "TMPDIR": str(self.home / ".tmp"),
            "ANTHROPIC_BASE_URL": f"http://127.0.0.1:{PORT}",
            "ANTHROPIC_API_KEY": _KEY,
            **_QUIET,
        }
        pairs = shlex.join(f"{name}={value}" for name, value in environment.items())
        inside = shlex.join(self._namespace.command())
        self.wrapper.write_text(
            "#!/bin/sh\n"
            f'exec {inside} env -i {pairs} TERM="${{TERM:-tmux-256color}}" '
            '${TMUX:+TMUX="$TMUX"} ${TMUX_PANE:+TMUX_PANE="$TMUX_PANE"} '
            f'{shlex.quote(str(program("claude", self.version)))} "$@"\n',
            encoding="utf-8",
        )
        self.wrapper.chmod(0o755)


def _node_folder() -> str:
    done = subprocess.run(
        ["sh", "-c", "command -v node"], capture_output=True, text=True, check=True
    )
    return str(Path(done.stdout.strip()).resolve().parent)
