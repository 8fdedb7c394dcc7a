"""Where other people's programs are kept: outside the repository, and never fetched unasked."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

CACHE = "AGENT_EVAL_CACHE"
INSTALL = "WINGMAN_TEST_INSTALL_AGENTS"


class Package(NamedTuple):
    name: str
    program: str
    """Below ``node_modules``."""


_PACKAGES = {
    "claude": Package("@anthropic-ai/claude-code", ".bin/claude"),
    "codex": Package("@openai/codex", ".bin/codex"),
    "gemini": Package("@google/gemini-cli", ".bin/gemini"),
    "opencode": Package("opencode-ai", ".bin/opencode"),
    "qwen": Package("@qwen-code/qwen-code", ".bin/qwen"),
    "prism": Package("@stoplight/prism-cli", "@stoplight/prism-cli/dist/index.js"),
    "telegram-test-api": Package("telegram-test-api", "telegram-test-api/lib/index.js"),
}


def cache() -> Path:
    named = os.environ.get(CACHE)
    return Path(named) if named else Path(tempfile.gettempdir()) / "agent-eval-cache"


AIDER = "aider"
"""From PyPI, in an environment of its own: put there by hand."""


def program(agent: str, version: str) -> Path:
    if agent == AIDER:
        return cache() / AIDER / "venv" / "bin" / AIDER
    return cache() / f"{agent}-{version}" / "node_modules" / _PACKAGES[agent].program


def missing(agent: str, version: str) -> str:
    """Why this version cannot be run; empty if it can. Installs it when that was asked for."""
    if not (os.environ.get(CACHE) or os.environ.get(INSTALL)):
        return f"not in every run: asked for by {CACHE}=DIR or {INSTALL}=1"
    if agent == AIDER:
        at = program(agent, version)
        return "" if at.exists() else f"aider-chat {version} is not at {at}"
    if shutil.which("node") is None:
        return "node is not installed"
    if program(agent, version).exists():
        return ""
    if os.environ.get(INSTALL) != "1":
        return f"{agent} {version} is not in {cache()}; {INSTALL}=1 installs it"
    return _install(agent, version)


def _install(agent: str, version: str) -> str:
    if shutil.which("npm") is None:
        return "npm is not installed"
    root = cache() / f"{agent}-{version}"
    root.mkdir(parents=True, exist_ok=True)
    (root / "package.json").write_text('{"private": true}\n', encoding="utf-8")
    command = ["npm", "install", "--no-audit", "--no-fund", f"{_PACKAGES[agent].name}@{version}"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode or not program(agent, version).exists():
        return f"npm could not install {agent} {version}: {done.stderr.strip()[-300:]}"
    return ""
