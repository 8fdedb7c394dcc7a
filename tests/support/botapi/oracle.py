"""Asks aiogram's models whether what went over the wire is the Bot API."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support.botapi.schema import Upload
from tests.support.botapi.server import FakeBotApi

ROOT = Path(__file__).parents[3]
PYTHON = ROOT / ".venv-oracles" / "bin" / "python"
_PROGRAM = ROOT / "tests" / "oracles" / "telegram_calls.py"


def absent() -> str:
    """Why there is no oracle here; empty if there is."""
    if not PYTHON.exists():
        return f"aiogram is not in {PYTHON.parents[1].name}: sh deploy/test.sh installs it"
    return ""


class TelegramOracle:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        assert self._line() == "ready", "the oracle does not start"

    @classmethod
    @contextmanager
    def running(cls) -> Iterator[TelegramOracle]:
        """Takes about two seconds to start; then a call costs less than a millisecond."""
        command = [str(PYTHON), "-I", str(_PROGRAM)]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
            try:
                yield cls(process)
            finally:
                process.kill()

    def complaints(self, api: FakeBotApi) -> list[str]:
        """About what the bot called, and about what it was told."""
        return [
            *(told for call in api.calls for told in self.ask("call", call.method, call.params)),
            *(
                told
                for call in api.calls
                if call.result is not None and call.method != "getUpdates"
                for told in self.ask("result", call.method, call.result)
            ),
            *(told for one in api.world.updates.played for told in self.ask("update", "", one)),
        ]

    def ask(self, kind: str, method: str, value: object) -> list[str]:
        asked = {"kind": kind, "method": method, "value": value}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(asked, default=_upload) + "\n")
        self._process.stdin.flush()
        answer: Any = json.loads(self._line())
        assert isinstance(answer, list)
        return answer

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the oracle has ended"
        return line.strip()


def _upload(value: object) -> object:
    assert isinstance(value, Upload)
    return {"$upload": value.name}
