"""The agents' programs, and our hooks in their settings."""

from __future__ import annotations

import asyncio
import contextlib
import re
import shlex
import shutil

from bot.app import agents
from bot.commands import hook
from bot.core.agent import AgentSpec
from bot.core.checks import Check, Level
from bot.core.errors import WingmanError
from bot.core.hook_settings import Fit
from bot.settings import Settings

VERSION_WITHIN = 10.0
_VERSION = re.compile(r"\d+(?:\.\d+)+\S*")


async def installed(settings: Settings) -> tuple[Check, ...]:
    found = [await _program(spec) for spec in agents().values() if spec.launch]
    if any(check.level is Level.OK for check in found):
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


async def _program(spec: AgentSpec) -> Check:
    id_, program = f"agents.{spec.id}", spec.launch[0]
    path = shutil.which(program)
    if path is None:
        return Check(id_, Level.OFF, f"{spec.title}: no {program} on PATH")
    version = await version_of(path)
    return Check(id_, Level.OK, f"{spec.title} {version or '(version not told)'}, {path}")


async def version_of(path: str) -> str:
    """As its ``--version`` says; empty when it does not."""
    with contextlib.suppress(OSError, TimeoutError):
        process = await asyncio.create_subprocess_exec(
            path,
            "--version",
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            async with asyncio.timeout(VERSION_WITHIN):
                out, _ = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        told = _VERSION.search(out.decode("utf-8", "replace"))
        return told.group() if told else ""
    return ""


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
