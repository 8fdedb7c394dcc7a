from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.adapters.trials import FILE, MOST, DiskTrials, keep, kept
from bot.core.trials import Finding, Trial, trial_of
from tests.support.clock import FakeClock

BAD = Finding("bash.deny", "denied", "approval", "deny", True, False, "pane", "it ran")
CLAUDE = Trial("claude", "2.1.400", "2026-11-21T10:00:00+00:00", "0.1", (BAD,))
CODEX = Trial("codex", "0.169.0", "2026-11-21T10:00:00+00:00", "0.1", ())
LONG_ENOUGH = 7 * 3600


def test_each_versions_last_trial_is_kept(tmp_path: Path) -> None:
    older = Trial("claude", "2.1.399", "2026-11-20T10:00:00+00:00", "0.1", ())
    for trial in (CODEX, older, Trial("claude", "2.1.400", "", "", ()), CLAUDE):
        keep(tmp_path, trial)

    assert kept(tmp_path) == (CODEX, older, CLAUDE)
    assert trial_of(kept(tmp_path), "claude", "2.1.400") == CLAUDE
    assert trial_of(kept(tmp_path), "claude", "2.1.401") is None
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


def test_of_one_agent_the_oldest_are_forgotten(tmp_path: Path) -> None:
    keep(tmp_path, CODEX)
    for number in range(MOST + 3):
        keep(tmp_path, Trial("claude", f"2.1.{number}", "", "", ()))

    assert len(kept(tmp_path)) == MOST + 1
    assert trial_of(kept(tmp_path), "claude", "2.1.2") is None
    assert trial_of(kept(tmp_path), "claude", "2.1.3") is not None
    assert trial_of(kept(tmp_path), "codex", "0.169.0") == CODEX


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '{"claude": {"agent": 1}}', '{"trials": 3}', '{"trials": [{"agent": "x"}]}'],
)
def test_what_cannot_be_read_was_never_there(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)

    assert kept(tmp_path) == ()
    keep(tmp_path, CODEX)
    assert kept(tmp_path) == (CODEX,)


def disk(state: Path, clock: FakeClock, *command: str) -> DiskTrials:
    return DiskTrials(state, {"codex": "codex"}, command, clock)


def installs(program: Path, script: str) -> None:
    """As an update does: another file takes its place."""
    new = program.with_suffix(".new")
    new.write_text(f"#!/bin/sh\n{script}\n")
    new.chmod(0o755)
    os.utime(new, (0, 0))
    new.replace(program)


async def version(trials: DiskTrials) -> str:
    now = await trials.installed(["codex", "claude"])
    return now["codex"].version if "codex" in now else ""


async def test_a_program_is_asked_for_its_version_when_its_file_is_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    trials, clock = (disk(tmp_path, clock := FakeClock()), clock)
    count = f"echo >> {tmp_path}/asked"
    assert await version(trials) == ""

    installs(tmp_path / "codex", f"{count}; echo codex-cli 0.169.0")
    assert [await version(trials), await version(trials)] == ["0.169.0"] * 2
    assert (tmp_path / "asked").read_text() == "\n"
    now = (await trials.installed(["codex"]))["codex"]
    assert now.since > datetime(2026, 1, 1, tzinfo=UTC)  # whatever its date says

    installs(tmp_path / "codex", "echo codex-cli 0.1700.0")
    assert await version(trials) == "0.1700.0"
    installs(tmp_path / "codex", "exit 1")
    assert await version(trials) == ""


async def test_what_stands_behind_a_shim_is_seen_some_hours_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    trials, clock = (disk(tmp_path, clock := FakeClock()), clock)
    (tmp_path / "real").write_text("0.169.0")
    installs(tmp_path / "codex", f"cat {tmp_path}/real")
    assert await version(trials) == "0.169.0"

    (tmp_path / "real").write_text("0.170.0")
    assert await version(trials) == "0.169.0"
    await clock.advance(LONG_ENOUGH)
    now = (await trials.installed(["codex"]))["codex"]
    assert (now.version, now.since) == ("0.170.0", clock.now())


async def test_an_agent_is_tried_by_another_process_without_our_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WINGMAN_TELEGRAM__TOKEN", "secret")
    script = "import os, sys; open(sys.argv[1] + '/was', 'w').write(repr((sys.argv, *os.environ)))"

    await disk(tmp_path, FakeClock(), sys.executable, "-c", script).try_out("codex")

    was = (tmp_path / "was").read_text()
    assert "'codex'" in was
    assert "PATH" in was
    assert "TOKEN" not in was


async def test_where_nobody_wants_it_nothing_is_tried(tmp_path: Path) -> None:
    await disk(tmp_path, FakeClock()).try_out("codex")


async def begins(told: Path) -> str:
    """What it writes first. It may do so before the loop has heard that it was started."""
    said = await asyncio.to_thread(told.read_text)
    for _ in range(20):
        await asyncio.to_thread(os.getpid)
    return said


async def test_a_trial_ends_with_the_gateway_and_may_tidy_up(tmp_path: Path) -> None:
    os.mkfifo(begun := tmp_path / "begun")
    script = (
        "import sys, signal\n"
        "from pathlib import Path\n"
        "place = Path(sys.argv[1])\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "try:\n"
        "    (place / 'begun').write_text('x')\n"
        "    signal.pause()\n"
        "except KeyboardInterrupt:\n"
        "    (place / 'tidied').touch()\n"
    )
    trials = disk(tmp_path, FakeClock(), sys.executable, "-c", script)
    async with asyncio.TaskGroup() as group:
        trying = group.create_task(trials.try_out("codex"))
        await begins(begun)
        trying.cancel()

    assert (tmp_path / "tidied").exists()


async def test_a_trial_that_does_not_end_is_killed(tmp_path: Path) -> None:
    os.mkfifo(begun := tmp_path / "begun")
    script = 'trap "" INT; echo $$ > "$0/begun"; read forever < "$0/begun"'
    trials = DiskTrials(tmp_path, {}, ("sh", "-c", script), FakeClock(), patience=0.2)
    async with asyncio.TaskGroup() as group:
        trying = group.create_task(trials.try_out("codex"))
        pid = int(await begins(begun))
        trying.cancel()

    with pytest.raises(ProcessLookupError):
        os.kill(pid, signal.SIG_DFL)
