"""A network namespace with loopback only: whatever the agent tries, nothing leaves the machine."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from types import TracebackType


def unavailable() -> str:
    """Why there can be no namespace here; empty if there can."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    if shutil.which("ip") is None:
        return "the ip command is not installed"
    return ""


class Namespace:
    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> Namespace:
        subprocess.run(["ip", "netns", "add", self.name], check=True)
        subprocess.run([*self.command(), "ip", "link", "set", "lo", "up"], check=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for pid in self.processes():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        subprocess.run(["ip", "netns", "del", self.name], check=False)

    def command(self) -> list[str]:
        """What to put before a command so that it runs inside."""
        return ["ip", "netns", "exec", self.name]

    def processes(self) -> list[int]:
        listed = ["ip", "netns", "pids", self.name]
        done = subprocess.run(listed, capture_output=True, text=True, check=False)
        return [int(pid) for pid in done.stdout.split()]
