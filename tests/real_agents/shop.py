"""Codex, OpenCode, aider, Qwen Code in a pane: no network, a model by script."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.core.ids import PaneKey
from tests.real_agents import namespace, packages
from tests.real_agents.fake_openai import READY
from tests.real_agents.namespace import Namespace
from tests.real_agents.rig import REPOSITORY, until
from tests.support.tmux import RealTmux

PORT = 8198
URL = f"http://127.0.0.1:{PORT}/v1"
PATH = "/usr/local/bin:/usr/bin:/bin"


@dataclass(frozen=True)
class Agent:
    name: str
    version: str
    ready: str
    """Stands on the screen when it takes a message."""
    program: Callable[[], Path]
    arguments: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    files: Callable[[Path], Mapping[str, str]] = lambda project: {}
    """What it finds in its home, for a project."""
    in_git: bool = False
    """OpenCode never asks the model in a repository without a commit."""


def _codex(project: Path) -> Mapping[str, str]:
    lines = [
        'approval_policy = "on-request"',
        'sandbox_mode = "read-only"',
        'model = "fake-model"',
        'model_provider = "fake"',
        "check_for_update_on_startup = false",
        "[analytics]",
        "enabled = false",
        "[model_providers.fake]",
        'name = "Fake"',
        f'base_url = "{URL}"',
        'env_key = "OPENAI_API_KEY"',
        'wire_api = "responses"',
        f'[projects."{project}"]',
        'trust_level = "trusted"',
    ]
    return {".codex/config.toml": "\n".join(lines) + "\n"}


def _opencode(project: Path) -> Mapping[str, str]:
    options = {"baseURL": URL, "apiKey": "dummy"}
    limits = {"context": 200000, "output": 8000}
    model = {"fake-model": {"name": "Fake", "limit": limits}}
    provider = {"npm": "@ai-sdk/openai-compatible", "options": options, "models": model}
    settings = {
        "model": "fake/fake-model",
        "small_model": "fake/fake-model",
        "autoupdate": False,
        "share": "disabled",
        "permission": {
            "bash": {"*": "ask", "sleep *": "allow", "touch *": "allow"},
            "edit": "ask",
        },
        "provider": {"fake": provider},
    }
    return {".config/opencode/opencode.json": json.dumps(settings)}


def _qwen(project: Path) -> Mapping[str, str]:
    settings = {
        "security": {"auth": {"selectedType": "openai"}},
        "general": {"enableAutoUpdate": False},
        "privacy": {"usageStatisticsEnabled": False},
        "telemetry": {"enabled": False},
        "permissions": {"allow": ["Bash(sleep *)", "Bash(touch *)"]},
    }
    return {".qwen/settings.json": json.dumps(settings)}


CODEX = Agent(
    "codex",
    "0.169.0",
    "? for shortcuts",
    lambda: packages.program("codex", "0.169.0"),
    ("--dangerously-bypass-hook-trust",),
    {"RUST_LOG": "error"},
    _codex,
)
OPENCODE = Agent(
    "opencode",
    "1.18.33",
    "ctrl+p commands",
    lambda: packages.program("opencode", "1.18.33"),
    environment={
        "OPENCODE_DISABLE_AUTOUPDATE": "1",
        "OPENCODE_DISABLE_DEFAULT_PLUGINS": "1",
        "OPENCODE_DISABLE_LSP_DOWNLOAD": "1",
        "OPENCODE_DISABLE_MODELS_FETCH": "1",
    },
    files=_opencode,
)
AIDER = Agent(
    "aider",
    "0.86.2",
    "diff>",
    lambda: packages.cache() / "aider" / "venv" / "bin" / "aider",
    ("--model", "openai/fake-model", "--edit-format", "diff", "--no-gitignore"),
    {
        "OPENAI_API_BASE": URL,
        "AIDER_ANALYTICS": "false",
        "AIDER_CHECK_UPDATE": "false",
        "AIDER_SHOW_RELEASE_NOTES": "false",
        "AIDER_SHOW_MODEL_WARNINGS": "false",
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    },
    in_git=True,
)
QWEN = Agent(
    "qwen",
    "0.24.4",
    "Type your message",
    lambda: packages.program("qwen", "0.24.4"),
    ("--approval-mode", "default"),
    {"OPENAI_BASE_URL": URL, "OPENAI_MODEL": "fake-model"},
    _qwen,
)


class Shop:
    """Its home is ``folder``, its project ``folder/shop``."""

    def __init__(self, agent: Agent, folder: Path, files: Mapping[str, str] | None = None) -> None:
        self.agent, self.folder = agent, folder
        self.project = folder / "shop"
        self.log = folder / "model.jsonl"
        self.tmux = RealTmux(folder, "t.sock")
        self._files = {**agent.files(self.project), **(files or {})}
        self._namespace = Namespace(f"wingman-{abs(hash(folder)) % 10**8}")

    def open(self, stack: ExitStack) -> None:
        stack.enter_context(self._namespace)
        self.project.mkdir()
        if self.agent.in_git:
            subprocess.run(["git", "init", "-q", str(self.project)], check=True)
        for name, text in self._files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        self._start_model(stack)
        stack.callback(self.tmux.do, "kill-server")
        self.pane = self._start()

    def _start_model(self, stack: ExitStack) -> None:
        output = stack.enter_context((self.folder / "model.log").open("w+"))
        command = [*self._namespace.command(), sys.executable, "-m"]
        command += ["tests.real_agents.fake_openai", "--port", str(PORT), "--log", str(self.log)]
        model = subprocess.Popen(command, cwd=REPOSITORY, stdout=output, stderr=output)
        stack.callback(model.wait)
        stack.callback(model.kill)
        path = self.folder / "model.log"
        until(lambda: READY in path.read_text("utf-8"), path.read_text, 20)

    def _start(self) -> PaneKey:
        environment = {
            "HOME": str(self.folder),
            "PATH": f"{self.agent.program().parent}:{PATH}",
            "LANG": "C.UTF-8",
            "TERM": "tmux-256color",
            "OPENAI_API_KEY": "dummy",
            **self.agent.environment,
        }
        pairs = shlex.join(f"{name}={value}" for name, value in environment.items())
        program = shlex.join([str(self.agent.program()), *self.agent.arguments])
        inside = shlex.join(self._namespace.command())
        place = shlex.quote(str(self.project))
        tmux = 'TMUX="$TMUX" TMUX_PANE="$TMUX_PANE"'
        line = f"cd {place}; exec {inside} env -i {pairs} {tmux} {program}"
        return self.tmux.session("shop", "sh", "-c", line, size=(100, 36))

    def is_ready(self) -> None:
        until(lambda: self.agent.ready in self.shown(), self.shown, 60)

    def say(self, text: str) -> None:
        """As a person at the terminal does."""
        self.is_ready()
        self.tmux.do("send-keys", "-t", self.pane.pane, "-l", text)
        until(lambda: text in self.shown(), self.shown, 20)
        self.tmux.do("run-shell", "sleep 0.6")  # Codex takes an Enter at once for a paste's
        self.tmux.do("send-keys", "-t", self.pane.pane, "Enter")

    def shown(self) -> str:
        return "\n".join(self.tmux.screen(self.pane))

    def ran(self, name: str) -> bool:
        return (self.project / name).is_fifo()

    def requests(self) -> list[dict[str, Any]]:
        """What the model was asked, but for titles and the like."""
        rows = self.log.read_text("utf-8").splitlines() if self.log.exists() else []
        bodies = [json.loads(row) for row in rows]
        return [body for body in bodies if body.get("tools") or self.agent is AIDER]

    def told(self) -> str:
        """All that the model got with its last request."""
        asked = self.requests()
        newest = asked[-1] if asked else {}
        return json.dumps(newest.get("input") or newest.get("messages"), ensure_ascii=False)


def missing(agent: Agent) -> str:
    """Why it cannot be run here; empty if it can."""
    reason = namespace.unavailable()
    if agent is not AIDER:
        return reason or packages.missing(agent.name, agent.version)
    at = agent.program()
    return reason or ("" if at.exists() else f"aider-chat {agent.version} is not at {at}")
