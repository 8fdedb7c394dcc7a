from __future__ import annotations

from pathlib import Path

import pytest

from bot.adapters import programs


def program(folder: Path, script: str) -> str:
    path = folder / "tool"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize(
    ("said", "version"),
    [("2.1.329 (Claude Code)", "2.1.329"), ("codex-cli 0.169.0", "0.169.0"), ("v3", "")],
)
async def test_a_program_is_asked(tmp_path: Path, said: str, version: str) -> None:
    assert await programs.version_of(program(tmp_path, f"echo '{said}'")) == version


async def test_one_that_tells_nothing_or_is_not_there(tmp_path: Path) -> None:
    assert await programs.version_of(program(tmp_path, "exit 1")) == ""
    assert await programs.version_of(str(tmp_path / "none")) == ""


async def test_one_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "VERSION_WITHIN", 0.2)

    assert await programs.version_of(program(tmp_path, "exec sleep 60")) == ""
