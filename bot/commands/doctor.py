"""``wingman doctor``: everything that can be looked at, one line each, with the cure."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import asdict

from bot.commands.checks import agents, channels, figures, machine, state
from bot.commands.deep import chosen, try_all
from bot.commands.program import runnable
from bot.core.checks import Check, Level, worst
from bot.settings import Settings

Look = Callable[[Settings], Awaitable[Check | tuple[Check, ...]]]

LOOKS: tuple[Look, ...] = (
    machine.python,
    machine.tmux_installed,
    machine.tmux_server,
    machine.kernel_hints,
    machine.disk,
    state.settings_files,
    state.directory,
    state.ledger,
    state.gateway,
    figures.watching,
    agents.installed,
    agents.command,
    agents.hooks,
    agents.trials,
    channels.accounts,
)
_SIGNS = {Level.OK: "✓", Level.OFF: "·", Level.WARN: "!", Level.RED: "✗"}


def doctor(settings: Settings, *, deep: bool, only: Collection[str], as_json: bool) -> int:
    """Exit 1 when something is red. ``deep`` tries the installed agents as well, or ``only``
    those. Raises WingmanError: there is nothing to try such an agent with."""
    if deep or only:
        try_all(settings.state_dir, _tell, chosen(only))
    checks = asyncio.run(_all(settings, LOOKS))
    sys.stdout.write(_document(checks) if as_json else _lines(checks))
    return 1 if worst(checks) is Level.RED else 0


def _tell(line: str) -> None:
    """Beside the result, which belongs to standard output."""
    sys.stderr.write(line + "\n")


async def _all(settings: Settings, looks: Iterable[Look]) -> list[Check]:
    found: list[Check] = []
    for look in looks:
        seen = await look(settings)
        found += [seen] if isinstance(seen, Check) else seen
    return found


def _document(checks: Sequence[Check]) -> str:
    document = {"level": worst(checks), "checks": [asdict(check) for check in checks]}
    return json.dumps(document, ensure_ascii=False) + "\n"


def _lines(checks: Sequence[Check]) -> str:
    lines = []
    for check in checks:
        lines.append(f"{_SIGNS[check.level]} {check.id}: {check.says}")
        if check.cure:
            lines.append(f"    {runnable(check.cure)}")
    count = sum(check.level in (Level.WARN, Level.RED) for check in checks)
    lines.append("All is well." if not count else f"{count} to look at.")
    return "\n".join(lines) + "\n"
