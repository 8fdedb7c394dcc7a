"""``wingman doctor --deep``: the installed agents are tried against a scripted model."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Collection, Iterable, Sequence
from importlib.metadata import version as installed_version
from pathlib import Path

from bot.adapters.clock import SystemClock
from bot.adapters.programs import version_of
from bot.adapters.trials import keep
from bot.app import agents
from bot.canary.subject import Subject
from bot.canary.trial import try_out
from bot.commands.subjects import subjects
from bot.core.errors import WingmanError
from bot.core.trials import Finding, Trial, Way

Tell = Callable[[str], None]
NICENESS = 10


def chosen(only: Collection[str]) -> list[Subject]:
    """All of them when none is named. Raises WingmanError."""
    known = subjects()
    for agent in only:
        if agent not in known:
            raise WingmanError(
                f"'{agent}' is no agent that can be tried; these are: {', '.join(sorted(known))}"
            )
    return [subject for agent, subject in known.items() if not only or agent in only]


def try_all(state_dir: Path, tell: Tell, some: Iterable[Subject]) -> None:
    """Those that are on PATH; what was found is kept in the state directory."""
    for subject in some:
        spec = agents()[subject.agent]
        program = shutil.which(spec.launch[0])
        if program is None:
            tell(f"{spec.title} is not installed: nothing to try")
        else:
            keep(state_dir, asyncio.run(_tried(subject, Path(program), tell)))


async def _tried(subject: Subject, program: Path, tell: Tell) -> Trial:
    version = await version_of(str(program))
    title = agents()[subject.agent].title
    tell(f"Trying {title} {version} with a scripted model; this takes about a minute.")
    findings: list[Finding] = []

    def told(finding: Finding) -> None:
        findings.append(finding)
        sign = "✓" if finding.good else "✗"
        tell(f"  {sign} {finding.case} by {finding.by}: {finding.title}")

    for way in Way:
        starts = all(finding.good or finding.kind for finding in findings)
        if starts and subject.cases_by(way):
            await _one_way(subject, program, way, told)
    for untried in subject.not_covered:
        tell(f"  · not tried: {untried}")
    at = SystemClock().now().isoformat(timespec="seconds")
    return Trial(subject.agent, version, at, installed_version("tmux-wingman"), tuple(findings))


async def _one_way(
    subject: Subject, program: Path, way: Way, told: Callable[[Finding], None]
) -> None:
    with tempfile.TemporaryDirectory(
        prefix="wingman-canary-", ignore_cleanup_errors=True
    ) as folder:
        try:
            await try_out(subject, program, Path(folder), way=way, told=told)
        except* WingmanError as group:
            says = str(_first(group))
            told(Finding("start", "the trial itself", "", "", False, False, way, says))


def _first(group: BaseExceptionGroup[WingmanError]) -> BaseException:
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def main(arguments: Sequence[str]) -> None:
    """What a gateway runs when an agent is of another version: for the state directory, and the
    agent's id. Everything else on the machine goes before it."""
    state_dir, agent = arguments
    os.nice(NICENESS)
    # a gateway that was started with & hands on that this signal means nothing
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt):
        try_all(Path(state_dir), lambda line: None, chosen([agent]))


if __name__ == "__main__":
    main(sys.argv[1:])
