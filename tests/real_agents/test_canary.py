"""The canary on the real agents: every case is read, answered, and proved."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from bot.canary.trial import try_out
from bot.commands.subjects import subjects
from bot.core.trials import Way
from tests.real_agents import namespace, packages
from tests.real_agents.proved import keep, proved
from tests.support.waiting import until

pytestmark = [pytest.mark.real_agents, pytest.mark.tmux, pytest.mark.timeout(500)]

VERSIONS = (
    ("claude", "2.1.329"),
    ("claude", "2.1.197"),
    ("opencode", "1.18.33"),
    ("codex", "0.169.0"),
    ("gemini", "0.61.0"),
    ("aider", "0.86.2"),
    ("qwen", "0.24.4"),
)


def left_by(folder: Path) -> list[str]:
    """What still runs in the home of that trial: Linux tells it of each process."""
    home = f"HOME={folder}/home\0".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if home in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_text("utf-8").replace("\0", " "))
    return found


@pytest.mark.parametrize("way", Way)
@pytest.mark.parametrize(("agent", "version"), VERSIONS)
async def test_every_case_is_proved(agent: str, version: str, way: Way, tmp_path: Path) -> None:
    reason = namespace.unavailable() or packages.missing(agent, version)
    if reason:
        pytest.skip(reason)
    subject = subjects()[agent]
    cases = subject.cases_by(way)
    if not cases:
        pytest.skip(f"{agent} is not answered by {way.value}")
    program = packages.program(agent, version)

    found = await try_out(subject, program, tmp_path, way=way, told=lambda finding: None)

    assert [finding for finding in found if not finding.good] == []
    await until(lambda: left_by(tmp_path) == [], within=5)
    assert {finding.by for finding in found} == {way}
    tried = [finding.case for finding in found if finding.case not in ("trust", "start")]
    assert tried == [case.id for case in cases]
    keep(agent, version, way, [finding.case for finding in found])
    assert proved()[agent][version][way.value] == [finding.case for finding in found]
