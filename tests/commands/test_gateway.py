"""``wingman run`` and ``wingman demo``, as processes."""

import asyncio
import contextlib
import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest

from tests.support.commandline import CommandLine
from tests.support.tmux import NO_TMUX, RealTmux
from tests.support.waiting import until

pytestmark = [pytest.mark.tmux, pytest.mark.skipif(bool(NO_TMUX), reason=NO_TMUX)]


@pytest.fixture
def tmux(wingman: CommandLine) -> Iterator[RealTmux]:
    server = RealTmux(wingman.folder)
    yield server
    server.kill()


@contextlib.contextmanager
def started(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The running program, with the settings of ``wingman``, and its first line."""
    argv = [sys.executable, "-m", "bot", *arguments]
    pipe = subprocess.PIPE
    with subprocess.Popen(argv, stdout=pipe, stderr=pipe, text=True) as program:
        try:
            assert program.stdout is not None
            yield program, program.stdout.readline().rstrip("\n")
        finally:
            program.kill()


def test_run(wingman: CommandLine, tmux: RealTmux) -> None:
    tmux.session("shop")
    with started("run") as (program, link):
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?link=[\w-]+", link)
        assert httpx.get(link.partition("?")[0] + "healthz").status_code == 200
        listed = asyncio.run(until(lambda: json.loads(wingman("sessions", "--json").out)))
        assert [session["name"] for session in listed] == ["shop"]

        second = wingman("run", "--for", "1")
        assert (second.code, second.out) == (75, "")
        assert second.err.startswith("wingman: another gateway (pid ")
        assert second.err.count("\n") == 1

        assert wingman("stop", "shop").code == 1
        assert tmux.do("list-sessions", "-F", "#S") == "shop"
        assert wingman("stop", "shop", "--force").out.strip() == "✓ Session 'shop' stopped"

        program.send_signal(signal.SIGTERM)
        _, errors = program.communicate(timeout=20)
    assert program.returncode == 0
    assert "Traceback" not in errors
    assert not (wingman.folder / "wingman.sock").exists()


def test_demo(wingman: CommandLine) -> None:
    """Also with a chat in the settings: nobody is written to."""
    wingman.monkeypatch.setenv("TMPDIR", str(wingman.folder))
    wingman.monkeypatch.setenv("WINGMAN_TELEGRAM__TOKEN", "1:x")
    wingman.monkeypatch.setenv("WINGMAN_TELEGRAM__ALLOWED_USERS", "7001")
    wingman.monkeypatch.setenv("WINGMAN_TELEGRAM__API_BASE", "http://127.0.0.1:9")
    with started("demo", "--for", "2") as (program, link):
        assert "/?link=" in link
        _, errors = program.communicate(timeout=20)
    assert (program.returncode, errors) == (0, "")
    assert list(wingman.folder.iterdir()) == []
