from __future__ import annotations

import json
import os
import shlex
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bot.adapters.tmux.server import TmuxServer
from bot.adapters.tmux.spawner import TmuxSpawner
from bot.core.errors import Refused
from bot.ports.spawner import Launch
from tests.support.clock import FakeClock
from tests.support.tmux import Adapter, RealTmux
from tests.support.waiting import until

pytestmark = pytest.mark.tmux

TELL = """
import json, os, sys, time
with open(sys.argv[1] + ".part", "w") as out:
    facts = {"argv": sys.argv[2:], "cwd": os.getcwd(), "env": dict(os.environ)}
    json.dump(facts | {"size": list(os.get_terminal_size(1))}, out)
os.rename(sys.argv[1] + ".part", sys.argv[1])
time.sleep(600)
"""


class Told:
    """A launch of a program that writes down how it was started."""

    def __init__(self, tmux: RealTmux, name: str = "work") -> None:
        self.file = tmux.folder / f"{name}.json"
        self.launch = Launch(name, str(tmux.folder), self.argv())

    def argv(self, *arguments: str) -> tuple[str, ...]:
        return (sys.executable, "-c", TELL, str(self.file), *arguments)

    async def facts(self) -> dict[str, object]:
        await until(self.file.exists)
        found: dict[str, object] = json.loads(self.file.read_text())
        return found


async def test_a_session(tmux: RealTmux, adapter: Adapter) -> None:
    told = Told(tmux)
    launch = replace(told.launch, width=120, height=37, environment={"COLOUR": "a b;#{pid}"})
    pane = await adapter.spawner.spawn(launch)
    facts = await told.facts()
    assert facts["cwd"] == str(tmux.folder)
    assert facts["size"] == [120, 37]
    assert isinstance(facts["env"], dict)
    assert facts["env"]["COLOUR"] == "a b;#{pid}"
    (info,) = await adapter.terminal.panes()
    assert (info.key, info.session, info.width, info.height) == (pane, "work", 120, 37)


async def test_our_secrets_do_not_reach_it(
    tmux: RealTmux, adapter: Adapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "12345:token")
    monkeypatch.setenv("LANG", "C")
    told = Told(tmux)
    await adapter.spawner.spawn(told.launch)
    assert "12345:token" not in json.dumps(await told.facts())
    assert "12345:token" not in tmux.do("show-environment", "-g")


ARGUMENTS = (
    *("two words", "#(touch canary)", "#{pid}", ";", "end;", "x\\;", "line\nend", "$HOME `id`"),
    *("'\"", "", "-t", "--", "Enter", "\\", "~", "*", "{", "}", "%s", "é漢"),
)


async def test_arguments_arrive_as_they_are(tmux: RealTmux, adapter: Adapter) -> None:
    told = Told(tmux)
    await adapter.spawner.spawn(replace(told.launch, argv=told.argv(*ARGUMENTS)))
    assert (await told.facts())["argv"] == list(ARGUMENTS)
    assert tmux.canaries() == []


@pytest.mark.parametrize(
    "name",
    ["plain", "a b", "#(touch canary)", "#{pid}", "end;", "-t", "'\";$HOME", "line\nend", "é"],
)
async def test_directories_are_data(tmux: RealTmux, adapter: Adapter, name: str) -> None:
    directory = tmux.folder / name
    directory.mkdir()
    told = Told(tmux)
    launch = replace(told.launch, directory=str(directory), argv=told.argv(*ARGUMENTS))
    await adapter.spawner.spawn(launch)
    facts = await told.facts()
    assert facts["cwd"] == str(directory)
    assert facts["argv"] == list(ARGUMENTS)
    assert tmux.canaries() == []


async def test_a_program_without_arguments_is_no_command_line(
    tmux: RealTmux, adapter: Adapter
) -> None:
    program = tmux.folder / "my agent; touch canary"
    program.write_text(f"#!/bin/sh\npwd > {shlex.quote(str(tmux.folder / 'started'))}\nexec cat\n")
    program.chmod(0o755)
    await adapter.spawner.spawn(Launch("work", str(tmux.folder), (str(program),)))
    await until((tmux.folder / "started").exists)
    assert tmux.canaries() == []


@pytest.mark.parametrize("name", ["", "a b", "a.b", "a:b", "=a", "#(x)", "a\n", "x" * 65, "é"])
async def test_names_that_cannot_be(tmux: RealTmux, adapter: Adapter, name: str) -> None:
    with pytest.raises(Refused, match="1 to 64 of the characters A-Z a-z 0-9 _ -"):
        await adapter.spawner.spawn(Launch(name, str(tmux.folder), ("cat",)))
    assert not tmux.server.listens()


async def test_directories_that_cannot_be(tmux: RealTmux, adapter: Adapter) -> None:
    (tmux.folder / "file").touch()
    for directory, why in [
        (str(tmux.folder / "nowhere"), "does not exist: create it first"),
        (str(tmux.folder / "file"), "is no directory"),
        ("relative", "is not a full path"),
        ("/tmp\0x", "is not a full path"),
    ]:
        with pytest.raises(Refused, match=why):
            await adapter.spawner.spawn(Launch("work", directory, ("cat",)))


async def test_a_name_that_is_taken(tmux: RealTmux, adapter: Adapter) -> None:
    tmux.session("work")
    tmux.session("work-2")
    with pytest.raises(
        Refused, match=r"'work' exists already: take another name, e\.g\. 'work-3'"
    ):
        await adapter.spawner.spawn(Launch("work", str(tmux.folder), ("cat",)))


async def test_a_name_that_begins_another_is_free(tmux: RealTmux, adapter: Adapter) -> None:
    tmux.session("worker")
    pane = await adapter.spawner.spawn(Launch("work", str(tmux.folder), ("cat",)))
    assert await adapter.spawner.kill(pane)
    assert tmux.do("list-sessions", "-F", "#S") == "worker"


async def test_ends_only_the_very_pane(tmux: RealTmux, adapter: Adapter) -> None:
    pane = await adapter.spawner.spawn(Launch("a", str(tmux.folder), ("cat",)))
    tmux.session("b")
    for stranger in (
        replace(pane, pid=pane.pid + 1),
        replace(pane, server=replace(pane.server, start_time=1)),
        replace(pane, server=replace(pane.server, pid=1)),
    ):
        assert not await adapter.spawner.kill(stranger)
    assert await adapter.spawner.kill(pane)
    assert not await adapter.spawner.kill(pane)
    assert tmux.do("list-sessions", "-F", "#S") == "b"


async def test_ending_the_last_session_ends_the_server(tmux: RealTmux, adapter: Adapter) -> None:
    pane = await adapter.spawner.spawn(Launch("a", str(tmux.folder), ("cat",)))
    assert await adapter.spawner.kill(pane)
    await until(lambda: not tmux.server.listens())
    assert not await adapter.spawner.kill(pane)
    assert await adapter.terminal.panes() == ()


async def test_what_ignores_its_lost_terminal_is_ended(tmux: RealTmux, adapter: Adapter) -> None:
    script = f"trap '' HUP; touch {tmux.folder}/ready; while :; do sleep 1; done"
    pane = await adapter.spawner.spawn(Launch("a", str(tmux.folder), ("sh", "-c", script)))
    tmux.session("b")
    await until((tmux.folder / "ready").exists)
    assert await adapter.spawner.kill(pane)
    await until(lambda: not is_running(pane.pid))


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_what_to_type_to_look_at_it(tmp_path: Path) -> None:
    assert TmuxSpawner(TmuxServer(), FakeClock()).attach_command("a b") == "tmux attach -t '=a b'"
    named = TmuxSpawner(TmuxServer(socket_name="w"), FakeClock())
    assert shlex.split(named.attach_command("x")) == ["tmux", "-L", "w", "attach", "-t", "=x"]
    by_path = TmuxSpawner(TmuxServer(socket_path=tmp_path / "my sock"), FakeClock())
    assert f"-S '{tmp_path}/my sock'" in by_path.attach_command("x")
