from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from libtmux import Server

from bot.commands.checks import machine
from bot.core.checks import Level
from bot.settings import Settings, TmuxSettings


def settings(folder: Path, socket: Path | None = None) -> Settings:
    return Settings(state_dir=folder / "state", tmux=TmuxSettings(socket_path=socket))


def program(folder: Path, name: str, script: str) -> None:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


async def test_no_tmux_is_told_with_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    check = await machine.tmux_installed(settings(tmp_path))

    assert (check.level, check.says) == (Level.RED, "tmux is not installed")
    assert check.cure.startswith("Install it: ")


async def test_an_old_tmux_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path / "bin", "tmux", "echo tmux 2.9")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=":")

    check = await machine.tmux_installed(settings(tmp_path))

    assert check.level is Level.RED
    assert check.says.startswith("tmux 2.9 is too old")


async def test_a_server_tells_its_panes(tmp_path: Path, server: Server) -> None:
    server.new_session("work")
    found = server.cmd("display-message", "-p", "#{socket_path}").stdout[0]

    check = await machine.tmux_server(settings(tmp_path, Path(found)))

    assert (check.level, check.says) == (Level.OK, f"1 panes at {found}")


async def test_no_server_is_no_trouble(tmp_path: Path) -> None:
    check = await machine.tmux_server(settings(tmp_path, tmp_path / "s"))

    assert check.level is Level.OFF


async def test_a_full_disk_is_red(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (await machine.disk(settings(tmp_path))).level is Level.OK

    monkeypatch.setattr(machine, "LITTLE", shutil.disk_usage(tmp_path).total + 1)
    check = await machine.disk(settings(tmp_path))
    assert check.level is Level.RED
    assert "MiB free at" in check.says


async def test_the_interpreter_and_the_kernel_are_named(tmp_path: Path) -> None:
    assert (await machine.python(settings(tmp_path))).level is Level.OK
    assert (await machine.kernel_hints(settings(tmp_path))).level in (Level.OK, Level.OFF)
