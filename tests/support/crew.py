"""Scripted agents on a private tmux server, and what they wrote down."""

from __future__ import annotations

import json
import shlex
import subprocess
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.demo.launcher import agent_argv
from tests.support.waiting import spend

SETTLED = {"allowed": "approve", "denied": "deny"}
Step = Mapping[str, Any]


class Crew:
    """Scripted agents on a private tmux server, each with dialogs of its own to ask."""

    def __init__(self, directory: Path, steps: Mapping[str, Sequence[Step]]) -> None:
        self.socket = directory / "tmux.sock"
        self._directory = directory
        self.logs: list[Path] = []
        for session, asked in steps.items():
            self.hire(session, *asked)

    def hire(self, session: str, *steps: Step, rows: int = 40, **options: Any) -> None:
        """One more agent, which plays these steps and then rests, in a pane of that height."""
        script, log = (self._directory / f"{session}.{kind}" for kind in ("json", "jsonl"))
        script.write_text(json.dumps({"steps": [*steps, {"idle": True}], **options}))
        self.logs.append(log)
        command = "exec " + shlex.join(agent_argv(script, self._directory, log))
        size = ("-x", "100", "-y", str(rows))
        self.tmux("new-session", "-d", "-s", session, *size, command)

    def tmux(self, *arguments: str) -> str:
        argv = ["tmux", "-S", str(self.socket), "-f", "/dev/null", *arguments]
        done = subprocess.run(argv, check=False, capture_output=True, text=True, timeout=10)
        return done.stdout

    async def enter(self, session: str) -> None:
        """Somebody answers at the terminal: in its first moments a dialog takes no key."""
        await spend(0.4)
        self.tmux("send-keys", "-t", f"{session}:", "Enter")

    def end(self) -> None:
        self.tmux("kill-server")

    def events(self) -> list[dict[str, Any]]:
        texts = (log.read_text() for log in self.logs if log.exists())
        return [json.loads(line) for text in texts for line in text.splitlines()]

    def settled(self) -> Counter[tuple[str, str]]:
        """How often each dialog was settled, and how."""
        return Counter(
            (event["dialog"], SETTLED[event["event"]])
            for event in self.events()
            if event["event"] in SETTLED
        )
