"""Looking at the panes of a real tmux server while no gateway runs."""

import json
from collections.abc import Iterator

import pytest

from bot.commands.offline import attach_argv
from bot.settings import load
from tests.support.commandline import CommandLine
from tests.support.tmux import NO_TMUX, RealTmux
from tests.support.waiting import until

pytestmark = [pytest.mark.tmux, pytest.mark.skipif(bool(NO_TMUX), reason=NO_TMUX)]


@pytest.fixture
def tmux(wingman: CommandLine) -> Iterator[RealTmux]:
    server = RealTmux(wingman.folder)
    yield server
    server.kill()


def test_sessions_status_and_peek(wingman: CommandLine, tmux: RealTmux) -> None:
    tmux.session("my shop", "sh", "-c", "echo one; echo two; exec cat")
    tmux.session("docs")

    ran = wingman("sessions", "--json")
    assert (ran.code, ran.err) == (0, "")
    found = json.loads(ran.out)
    assert [(s["name"], s["tmux_session"]) for s in found] == [
        ("docs", "docs"),
        ("my-shop", "my shop"),
    ]
    assert "my-shop" in wingman("sessions").out
    assert json.loads(wingman("status", "my", "--json").out)["origin"] == "found"
    assert "name: docs\n" in wingman("status", "doc").out
    assert wingman("peek", "my-shop", "-n", "1").out == "two\n"

    ran = wingman("peek", "hotel")
    assert (ran.code, ran.err) == (1, "wingman: there is no session 'hotel': docs, my-shop\n")


def test_no_server_is_no_sessions(wingman: CommandLine) -> None:
    ran = wingman("sessions", "--json")
    assert (ran.code, ran.out, ran.err) == (0, "[]\n", "")


async def test_attach_names_the_server(
    wingman: CommandLine, tmux: RealTmux, monkeypatch: pytest.MonkeyPatch
) -> None:
    pane = tmux.session("docs")
    await until(lambda: tmux.screen(pane))
    argv = attach_argv(load(), "docs")
    assert argv[0] == "tmux"
    assert argv[-3:] == ["attach-session", "-t", "=docs"]
    assert str(wingman.folder / "s") in argv
    monkeypatch.setenv("TMUX", "/tmp/other,1,0")
    assert attach_argv(load(), "docs")[-3] == "switch-client"
