import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.commandline import CommandLine
from tests.support.gateway import Gateway


class Beside:
    """A gateway in a loop of its own, for programs that block."""

    def __init__(self, socket: Path) -> None:
        self.gateway = Gateway(socket=socket)
        self.loop = asyncio.new_event_loop()
        self._up = threading.Event()
        self._down = asyncio.Event()
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self.loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        async with self.gateway.running():
            self._up.set()
            await self._down.wait()

    def start(self) -> None:
        self._thread.start()
        assert self._up.wait(10)

    def stop(self) -> None:
        if self._thread.is_alive():
            self.loop.call_soon_threadsafe(self._down.set)
            self._thread.join(10)


@pytest.fixture
def socket(tmp_path: Path) -> Path:
    return tmp_path / "wingman.sock"


@pytest.fixture
def beside(socket: Path) -> Iterator[Beside]:
    running = Beside(socket)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def wingman(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> CommandLine:
    """The command line; ``beside`` is the gateway that it finds."""
    return CommandLine(tmp_path, monkeypatch, capsys)
