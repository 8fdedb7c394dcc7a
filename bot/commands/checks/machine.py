"""tmux and the system below it."""

from __future__ import annotations

import platform
import shutil
import sys

from bot.adapters.clock import SystemClock
from bot.adapters.tmux.watch import works
from bot.app import Tmux
from bot.core.checks import Check, Level
from bot.core.errors import TerminalUnusable
from bot.settings import Settings

LITTLE = 200 * 2**20
"""Bytes of free disk below which the ledger may soon have no room."""


async def tmux_installed(settings: Settings) -> Check:
    server = Tmux.of(settings, SystemClock()).server
    try:
        version = await server.check()
    except TerminalUnusable as trouble:
        return Check("tmux.version", Level.RED, _first(trouble), _cure(trouble))
    return Check("tmux.version", Level.OK, f"tmux {version}")


async def tmux_server(settings: Settings) -> Check:
    server = Tmux.of(settings, SystemClock()).server
    where = server.address
    if not server.listens():
        return Check("tmux.server", Level.OFF, f"no tmux server runs at {where}")
    try:
        answer = await server.run("list-panes", "-a", "-F", "#{pane_id}")
    except TerminalUnusable as trouble:
        cure = "end what keeps it busy; if it is stuck for good: kill its process"
        return Check("tmux.server", Level.RED, f"{where}: {trouble}", cure)
    if answer.status != 0:
        cure = "the tmux on PATH and the running server differ in version: restart the server"
        return Check("tmux.server", Level.RED, answer.error.strip() or "tmux refused", cure)
    return Check("tmux.server", Level.OK, f"{len(answer.out.split())} panes at {where}")


async def kernel_hints(settings: Settings) -> Check:
    if works():
        return Check("watch.inotify", Level.OK, "the kernel tells at once who writes (inotify)")
    says = (
        f"no inotify on terminals here ({platform.system()}): panes are compared 4 times a second"
    )
    return Check("watch.inotify", Level.OFF, says)


async def python(settings: Settings) -> Check:
    version = platform.python_version()
    return Check("python.version", Level.OK, f"Python {version}, {sys.executable}")


async def disk(settings: Settings) -> Check:
    folder = settings.state_dir
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    says = f"{free // 2**20} MiB free at {folder}"
    if free >= LITTLE:
        return Check("disk.space", Level.OK, says)
    cure = (
        "make room: a full disk stops every decision, since each is written before it is pressed"
    )
    return Check("disk.space", Level.RED, says, cure)


def _first(trouble: TerminalUnusable) -> str:
    return str(trouble).partition(". ")[0]


def _cure(trouble: TerminalUnusable) -> str:
    return str(trouble).partition(". ")[2] or "see whether `tmux -V` works in this shell"
