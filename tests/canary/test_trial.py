"""A trial of a program that is no agent at all; the real ones are tried in ``real_agents``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.adapters.tmux.server import TmuxServer
from bot.canary.subjects.claude import CASES, SUBJECT
from bot.canary.trial import try_out
from bot.core.trials import Finding, Way

pytestmark = [pytest.mark.tmux, pytest.mark.timeout(60)]


async def test_a_program_that_ends_at_once_fails_the_trial(tmp_path: Path) -> None:
    program = tmp_path / "claude"
    program.write_text('#!/bin/sh\necho "$ANTHROPIC_BASE_URL $SECRET" >seen\nexit 3\n')
    program.chmod(0o755)
    folder = tmp_path / "trial"
    folder.mkdir()
    told: list[Finding] = []
    subject = replace(SUBJECT, cases=CASES[:1])

    found = await try_out(subject, program, folder, way=Way.PANE, told=told.append)

    assert told == found
    assert [(finding.case, finding.good) for finding in found] == [("start", False)]
    assert "ended at once" in found[0].says
    assert "http://127.0.0.1:" in (folder / "project" / "seen").read_text()
    assert not TmuxServer(socket_path=folder / "tmux.sock").listens()


async def test_the_node_beside_a_program_is_its_own(tmp_path: Path) -> None:
    """Qwen Code 0.24.4 wants a newer one than the machine may have."""
    own = tmp_path / "own"
    own.mkdir()
    for name in ("node", "claude"):
        (own / name).write_text("#!/bin/sh\necho $PATH >seen\nexit 3\n")
        (own / name).chmod(0o755)
    folder = tmp_path / "trial"
    folder.mkdir()
    subject = replace(SUBJECT, cases=CASES[:1])

    await try_out(subject, own / "claude", folder, way=Way.PANE, told=lambda finding: None)

    assert (folder / "project" / "seen").read_text().startswith(f"{own}:")
