"""Questions of ordinary programs, answered by a word from the phone."""

from __future__ import annotations

import shlex
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.core.ids import PaneKey
from tests.support.desk import Desk
from tests.support.process import GatewayProcess
from tests.support.tmux import NO_TMUX, RealTmux
from tests.support.waiting import until

pytestmark = [pytest.mark.tmux, pytest.mark.skipif(bool(NO_TMUX), reason=NO_TMUX)]

ASKS_TWICE = """
import pathlib, sys, termios, tty
def ask(name):
    sys.stdout.write(f"Remove {name}? [Y/n] ")
    sys.stdout.flush()
    old = termios.tcgetattr(0)
    tty.setcbreak(0)
    answer = sys.stdin.read(1)
    termios.tcsetattr(0, termios.TCSANOW, old)
    print(answer if answer != "\\n" else "", flush=True)
    if answer.lower() in ("y", "\\n"):
        pathlib.Path(name).touch()
ask("one")
ask("two")
"""
"""It takes a single key, and Enter means yes."""


class Shop:
    def __init__(self, folder: Path) -> None:
        self.folder = folder / "shop"
        self.folder.mkdir()
        self.tmux = RealTmux(folder, "t.sock")
        self.desk = Desk(GatewayProcess(folder, self.tmux.server.address))

    def runs(self, command: str) -> PaneKey:
        return self.tmux.session(
            "shop", "sh", "-c", f"cd {shlex.quote(str(self.folder))}; {command}; sleep 60"
        )


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    opened = Shop(tmp_path)
    opened.tmux.session("other")
    await opened.desk.gateway.up()
    try:
        yield opened
    finally:
        await opened.desk.gateway.down()
        opened.tmux.do("kill-server")


@pytest.mark.parametrize("says", ["approve", "deny"])
async def test_rm_asks(shop: Shop, says: str) -> None:
    notes = shop.folder / "notes.txt"
    notes.write_text("x")
    pane = shop.runs("rm -i notes.txt; echo it is over")

    prompt = await shop.desk.prompt("approval")
    assert "notes.txt" in prompt["subject"]
    await shop.desk.says(f"{says} {prompt['code']}")

    assert await shop.desk.ended(prompt["code"]) == "confirmed"
    await shop.tmux.shows(pane, "it is over")
    assert notes.exists() == (says == "deny")


async def test_a_script_reads_a_line(shop: Shop) -> None:
    source = "import pathlib; input('Deploy? [y/N] ') == 'y' and pathlib.Path('out').touch()"
    shop.runs(shlex.join([sys.executable, "-c", source]))
    prompt = await shop.desk.prompt("approval")

    await shop.desk.says(f"approve {prompt['code']}")

    assert await shop.desk.ended(prompt["code"]) == "confirmed"
    await until((shop.folder / "out").exists)


async def test_a_program_that_takes_one_key_gets_no_enter_for_its_next_question(
    shop: Shop,
) -> None:
    shop.runs(shlex.join([sys.executable, "-c", ASKS_TWICE]))
    first = await shop.desk.prompt("approval")

    await shop.desk.says(f"deny {first['code']}")

    assert await shop.desk.ended(first["code"]) == "confirmed"
    second = await shop.desk.prompt("approval", but=first["code"])
    assert second["subject"] == "Remove two?"
    assert not list(shop.folder.iterdir())
    await shop.desk.says(f"approve {second['code']}")
    assert await shop.desk.ended(second["code"]) == "confirmed"
    await until((shop.folder / "two").exists)
    assert not (shop.folder / "one").exists()


async def test_behind_what_a_person_types_nothing_is_put(shop: Shop) -> None:
    notes = shop.folder / "notes.txt"
    notes.write_text("x")
    pane = shop.runs("rm -i notes.txt")
    prompt = await shop.desk.prompt("approval")
    shop.tmux.do("send-keys", "-t", pane.pane, "-l", "n")
    await shop.tmux.shows(pane, "? n")

    await shop.desk.says(f"approve {prompt['code']}")

    ended = await shop.desk.settled(prompt["code"])
    assert ended["state"] == "refused"
    assert "typing" in ended["reason"]
    assert shop.tmux.screen(pane)[0].endswith("? n")
    assert notes.exists()
