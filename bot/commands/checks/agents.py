"""The agents' programs, and our hooks in their settings."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Sequence

from bot.adapters.programs import version_of
from bot.adapters.trials import kept
from bot.app import agents
from bot.commands import hook
from bot.commands.subjects import subjects
from bot.core.agent import AgentSpec
from bot.core.checks import Check, Level
from bot.core.errors import WingmanError
from bot.core.hook_settings import Fit
from bot.core.trials import Finding, Trial, Way, trial_of
from bot.settings import Settings


async def installed(settings: Settings) -> tuple[Check, ...]:
    tried = kept(settings.state_dir)
    started = [spec for spec in agents().values() if spec.launch]
    found = [await _program(spec, tried) for spec in started]
    if any(check.level is not Level.OFF for check in found):
        return tuple(found)
    cure = "install one, e.g. npm install -g @anthropic-ai/claude-code; or see: wingman demo"
    none = Check("agents", Level.WARN, "no agent that Wingman can start is on PATH", cure)
    return (*found, none)


async def command(settings: Settings) -> Check:
    words = shlex.split(settings.agent.command)
    path = shutil.which(words[0])
    if path is not None:
        return Check("agents.command", Level.OK, f"start runs {path} when no agent is named")
    cure = f"install {words[0]}, name an agent with start, or set WINGMAN_AGENT__COMMAND"
    return Check("agents.command", Level.WARN, f"there is no program '{words[0]}' on PATH", cure)


async def _program(spec: AgentSpec, tried: Sequence[Trial]) -> Check:
    id_, program = f"agents.{spec.id}", spec.launch[0]
    path = shutil.which(program)
    if path is None:
        return Check(id_, Level.OFF, f"{spec.title}: no {program} on PATH")
    version = await version_of(path)
    says = f"{spec.title} {version or '(version not told)'}, {path}"
    pack = spec.made_from
    trial = trial_of(tried, spec.id, version)
    is_proved = trial is not None and not trial.failed
    if pack is None or not version or pack.covers(version) or is_proved:
        return Check(id_, Level.OK, says)
    cure = (
        "wingman doctor --deep proves it" if spec.id in subjects() else "look at its first cards"
    )
    read = f"its screens are known from {pack.span} ({pack.origin})"
    return Check(id_, Level.WARN, f"{says}; {read}", cure)


async def trials(settings: Settings) -> tuple[Check, ...]:
    """What ``doctor --deep`` found in the version that is installed now."""
    tried = kept(settings.state_dir)
    again = settings.agent.prove_again
    found: list[Check] = []
    for spec in agents().values():
        path = shutil.which(spec.launch[0]) if spec.launch else None
        if path is not None and spec.id in subjects():
            found += _about(spec.id, await version_of(path), tried, again=again)
    return tuple(found)


def _about(agent: str, version: str, tried: Sequence[Trial], *, again: bool) -> Sequence[Check]:
    id_ = f"canary.{agent}"
    trial = trial_of(tried, agent, version)
    if trial is not None:
        return outcome(trial)
    others = [one.version for one in tried if one.agent == agent]
    if not others:
        says = f"{agent} was never tried here: wingman doctor --deep proves its dialogs"
        return [Check(id_, Level.OFF, says)]
    says = f"{agent} {version} is installed, {', '.join(others)} was tried"
    says += "; a gateway that runs tries it by itself" if again else ""
    return [Check(id_, Level.WARN, says, "wingman doctor --deep")]


def outcome(trial: Trial) -> Sequence[Check]:
    """One line for the agent, and one for each case that failed."""
    id_, name = f"canary.{trial.agent}", f"{trial.agent} {trial.version}"
    count, failed = len(trial.findings), trial.failed
    if not failed:
        says = f"{name}: every answer did what was decided: {trial.proved}"
        return [Check(id_, Level.OK, says)]
    says = f"{name}: {len(failed)} of {count} answers are not as they should be; {trial.proved}"
    cure = "answer those at the terminal, and report it"
    return [Check(id_, Level.RED, says, cure), *(_wrong(id_, one, cure) for one in failed)]


def _wrong(id_: str, finding: Finding, cure: str) -> Check:
    hook = "" if finding.by == Way.PANE else f"{finding.by}."
    return Check(f"{id_}.{hook}{finding.case}", Level.RED, finding.wrong, cure)


async def hooks(settings: Settings) -> tuple[Check, ...]:
    return tuple(_hooks_in(place) for place in hook.places(settings))


def _hooks_in(place: hook.Place) -> Check:
    id_ = f"hooks.{place.agent}.{place.scope}"
    try:
        fit = hook.summary(place.found())
    except WingmanError as trouble:
        return Check(id_, Level.RED, str(trouble), "correct that file by hand")
    if fit is Fit.OTHER:
        return Check(id_, Level.WARN, f"{place.path} has old or only some hooks", place.cure)
    return Check(id_, Level.OK if fit is Fit.INSTALLED else Level.OFF, f"{place.path}: {fit}")
