from __future__ import annotations

from pathlib import Path

import pytest

from bot.adapters.tmux.server import (
    TmuxServer,
    at_least,
    clean_environment,
    install_line,
    mismatch,
    too_old,
)
from bot.core.errors import TerminalUnusable
from tests.support.tmux import RealTmux


@pytest.mark.parametrize("version", ["3.3a", "3.4", "3.10", "next-3.6", "master", "openbsd-7.7"])
def test_versions_that_will_do(version: str) -> None:
    assert too_old(version) == ""


@pytest.mark.parametrize("version", ["3.3", "3.2a", "2.9", "1.8", "next-3.3"])
def test_versions_that_will_not(version: str) -> None:
    complaint = too_old(version)
    assert version in complaint
    assert "3.3a" in complaint
    assert install_line() in complaint


def fake(folder: Path, script: str) -> TmuxServer:
    program = folder / "tmux"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return TmuxServer(binary=str(program))


async def test_an_old_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TerminalUnusable, match=r"tmux 3\.1c is too old: 3\.3a or newer"):
        await fake(tmp_path, "echo tmux 3.1c").check()
    assert await fake(tmp_path, "echo tmux 3.5a").check() == "3.5a"


async def test_none_at_all() -> None:
    with pytest.raises(TerminalUnusable, match=r"tmux is not installed\. Install it: "):
        await TmuxServer(binary="/nonexistent/tmux").check()


def test_a_server_of_another_version() -> None:
    assert "another version" in mismatch("server exited unexpectedly", "3.3a")
    assert "(3.3a)" in mismatch("protocol version mismatch (client 8, server 7)", "3.3a")
    assert mismatch("no server running on /tmp/x") == ""


def test_how_it_is_named() -> None:
    assert TmuxServer().argv("ls") == ["tmux", "-u", "ls"]
    assert TmuxServer(socket_name="w").argv("ls") == ["tmux", "-u", "-L", "w", "ls"]
    assert TmuxServer(socket_path=Path("/x y")).shown("ls") == "tmux -S '/x y' ls"


def test_the_server_of_the_pane_we_run_in() -> None:
    default = TmuxServer().address
    assert TmuxServer.of_environment({}) == TmuxServer()
    assert TmuxServer.of_environment({"TMUX": f"{default},12,0"}) == TmuxServer()
    other = TmuxServer.of_environment({"TMUX": "/tmp/a,b/sock,12,0"})
    assert other == TmuxServer(socket_path=Path("/tmp/a,b/sock"))


def test_what_programs_in_tmux_do_not_inherit() -> None:
    ours = {
        "PATH": "/bin",
        "TMUX": "/x,1,0",
        "TMUX_PANE": "%1",
        "TMUX_TMPDIR": "/t",
        "WINGMAN_TOKEN": "secret",
        "TELEGRAM_BOT_TOKEN": "secret",
        "LC_ALL": "C",
    }
    clean = clean_environment(ours)
    assert set(clean) == {"PATH", "TMUX_TMPDIR", "LC_CTYPE"}
    assert "UTF-8" in clean["LC_CTYPE"]
    german = {"LANG": "de_DE.UTF-8", "LC_ALL": ""}
    assert clean_environment(german) == german


@pytest.mark.tmux
async def test_whether_anybody_listens(tmux: RealTmux) -> None:
    server = tmux.server
    assert not server.listens()
    assert (await server.run("list-sessions")).status != 0
    assert not server.listens()
    tmux.session("a")
    assert server.listens()
    assert (await server.run("list-sessions", "-F", "#S")).out == "a\n"
    await tmux.restart()
    assert not server.listens()
    assert not TmuxServer(socket_path=Path("/" + "x" * 500)).listens()


@pytest.mark.parametrize(
    ("version", "has"),
    [
        ("3.3a", False),
        ("3.7c", False),
        ("3.8", True),
        ("next-3.9", True),
        ("4.0", True),
        ("master", False),
    ],
)
def test_what_came_with_a_version(version: str, has: int) -> None:
    assert at_least(version, (3, 8)) == bool(has)
