"""``wingman …`` inside the test's own process: what it prints, and its exit code."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.cli import main


@dataclass(frozen=True, slots=True)
class Ran:
    code: int
    out: str
    err: str


@dataclass
class CommandLine:
    """Its state directory and its tmux server are the test's; no setting of the user counts."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    captured: pytest.CaptureFixture[str]

    def __post_init__(self) -> None:
        for name in [n for n in os.environ if n.startswith(("WINGMAN_", "TMUX"))]:
            self.monkeypatch.delenv(name)
        self.monkeypatch.setenv("XDG_CONFIG_HOME", str(self.folder / "config"))
        self.monkeypatch.setenv("WINGMAN_STATE_DIR", str(self.folder))
        self.monkeypatch.setenv("WINGMAN_TMUX__SOCKET_PATH", str(self.folder / "s"))
        self.monkeypatch.setenv("WINGMAN_WEB__PORT", "0")
        self.monkeypatch.chdir(self.folder)

    def __call__(self, *arguments: str) -> Ran:
        self.monkeypatch.setattr(sys, "argv", ["wingman", *arguments])
        self.captured.readouterr()
        code: object = 0
        try:
            main()
        except SystemExit as end:
            code = end.code
        shown = self.captured.readouterr()
        assert isinstance(code, int | None)
        return Ran(code or 0, shown.out, shown.err)
