"""The gateway is told to end."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.crew import Crew
from tests.support.process import GatewayProcess

pytestmark = pytest.mark.tmux


async def test_it_ends_in_order_also_before_it_has_seen_a_pane(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when a machine goes down while tmux's control mode hangs."""
    crew = Crew(tmp_path, {})
    crew.tmux("new-session", "-d", "-s", "shop")
    hangs = tmp_path / "bin" / "tmux"
    hangs.parent.mkdir()
    real = shutil.which("tmux")
    script = f'case " $* " in *" -C "*) exec sleep 60;; esac; exec {real} "$@"'
    hangs.write_text(f"#!/bin/sh\n{script}\n")
    hangs.chmod(0o755)
    monkeypatch.setenv("PATH", str(hangs.parent), prepend=":")
    gateway = GatewayProcess(tmp_path, crew.socket)
    try:
        await gateway.up()
        assert "/?link=" not in gateway.log.read_text()
        assert gateway.stopped(20) == 0
        assert not (gateway.state / "wingman.sock").exists()
    finally:
        await gateway.down()
        crew.end()
