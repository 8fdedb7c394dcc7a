"""The state directory, the ledger in it, and the settings."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from bot.adapters.store.store import SqlStore
from bot.commands.client import Client, NoGateway, NotDone
from bot.core.checks import Check, Level
from bot.core.errors import StoreOutdated, StoreUnusable
from bot.core.places import SOCKET
from bot.settings import Settings, loose_files


async def settings_files(settings: Settings) -> Check:
    loose = loose_files()
    if not loose:
        return Check("settings.files", Level.OK, "nobody else can read the files with settings")
    names = " ".join(map(str, loose))
    return Check("settings.files", Level.RED, f"others can read {names}", f"chmod 600 {names}")


async def directory(settings: Settings) -> Check:
    path = settings.state_dir
    if not path.exists():
        return Check("state.dir", Level.OFF, f"{path} is made when the gateway first runs")
    found = path.stat()
    if not path.is_dir():
        return Check("state.dir", Level.RED, f"{path} is a file", "move it away")
    if found.st_uid != os.geteuid():
        cure = f"chown -R {os.geteuid()} {path}, or set WINGMAN_STATE_DIR"
        return Check("state.dir", Level.RED, f"{path} belongs to user {found.st_uid}", cure)
    if stat.S_IMODE(found.st_mode) & 0o077:
        return Check("state.dir", Level.RED, f"others can look into {path}", f"chmod 700 {path}")
    open_files = [str(entry) for entry in sorted(path.iterdir()) if _is_open(entry)]
    if open_files:
        names = " ".join(open_files)
        return Check("state.dir", Level.WARN, f"others may read {names}", f"chmod go= {names}")
    return Check("state.dir", Level.OK, f"{path} is yours alone")


def _is_open(entry: Path) -> bool:
    return not entry.is_symlink() and bool(entry.lstat().st_mode & 0o077)


async def ledger(settings: Settings) -> Check:
    if settings.database_url is None and not (settings.state_dir / "wingman.db").exists():
        return Check("ledger", Level.OFF, "the ledger is made when the gateway first runs")
    try:
        async with await SqlStore.open(settings.database, read_only=True) as store:
            report = await store.verify_audit()
    except StoreOutdated as outdated:
        says, _, cure = str(outdated).partition(": ")
        return Check("ledger", Level.WARN, says, cure)
    except StoreUnusable as trouble:
        cure = "put it right, or move it away: a new one is made, and open prompts are read anew"
        return Check("ledger", Level.RED, str(trouble), cure)
    if report.intact:
        return Check("ledger", Level.OK, f"the log has {report}")
    cure = "somebody wrote to it, or the disk fails: keep a copy, and see wingman audit export"
    return Check("ledger", Level.RED, str(report), cure)


async def gateway(settings: Settings) -> Check:
    path = settings.state_dir / SOCKET
    try:
        with Client(path) as client:
            client.get("/readyz")
    except NoGateway:
        return Check("gateway", Level.OFF, "no gateway runs now: sh deploy/run.sh")
    except NotDone as problem:
        return Check("gateway", Level.RED, str(problem), "see its log; restarting loses nothing")
    return Check("gateway", Level.OK, f"a gateway answers at {path}")
