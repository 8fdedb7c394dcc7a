from __future__ import annotations

from pathlib import Path

import pytest

from bot.adapters.trials import FILE, doubts, keep, kept, untried
from bot.core.trials import NO_DOUBTS, Finding, Trial, Untried

BAD = Finding("bash.deny", "denied", "approval", "deny", True, False, "pane", "it ran")
CLAUDE = Trial("claude", "2.1.400", "2026-11-21T10:00:00+00:00", "0.1", (BAD,))
CODEX = Trial("codex", "0.169.0", "2026-11-21T10:00:00+00:00", "0.1", ())


def test_each_agents_last_trial_is_kept(tmp_path: Path) -> None:
    keep(tmp_path, CODEX)
    keep(tmp_path, CLAUDE)

    assert kept(tmp_path) == {"claude": CLAUDE, "codex": CODEX}
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("text", ["", "[]", "{", '{"claude": {"agent": 1}}', '{"claude": 3}'])
def test_what_cannot_be_read_was_never_there(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)

    assert kept(tmp_path) == {}
    keep(tmp_path, CODEX)
    assert kept(tmp_path) == {"codex": CODEX}


async def test_only_the_installed_version_is_doubted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    keep(tmp_path, CLAUDE)
    program = tmp_path / "claude"
    assert await doubts(tmp_path, {"claude": "claude"}) == NO_DOUBTS

    program.write_text("#!/bin/sh\necho 2.1.400\n")
    program.chmod(0o755)
    assert (await doubts(tmp_path, {"claude": "claude"})).wrong
    program.write_text("#!/bin/sh\necho 2.1.401\n")
    assert await doubts(tmp_path, {"claude": "claude"}) == NO_DOUBTS


async def test_another_version_than_the_one_that_was_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    keep(tmp_path, CODEX)
    program = tmp_path / "codex"
    assert await untried(tmp_path, {"codex": "codex"}) == ()

    program.write_text("#!/bin/sh\necho 0.169.0\n")
    program.chmod(0o755)
    assert await untried(tmp_path, {"codex": "codex"}) == ()
    program.write_text("#!/bin/sh\necho 0.170.0\n")
    assert await untried(tmp_path, {"codex": "codex"}) == (Untried("codex", "0.169.0", "0.170.0"),)
