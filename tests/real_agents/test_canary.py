"""The canary on the real Claude Code: every case is read, answered, and proved."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.canary.claude import CASES, SUBJECT
from bot.canary.trial import try_out
from tests.real_agents.packages import program

pytestmark = [pytest.mark.real_agents, pytest.mark.tmux, pytest.mark.timeout(240)]


async def test_every_case_is_proved(version: str, tmp_path: Path) -> None:
    found = await try_out(
        SUBJECT, program("claude", version), tmp_path, hooks=False, told=lambda finding: None
    )

    assert [finding for finding in found if not finding.good] == []
    assert [finding.case for finding in found] == ["trust", *(case.id for case in CASES)]
