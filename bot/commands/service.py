"""``wingman service``: the gateway in the background, by systemd or launchd."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Protocol

from bot.commands.acting import socket_of
from bot.commands.client import listens
from bot.commands.program import NAME, program
from bot.commands.units import LABEL, MARK, Job, inherited, launch_agent, systemd_unit
from bot.core.errors import WingmanError
from bot.settings import NOT_SETTINGS, PREFIX, Settings, config_dir

UNIT = "wingman.service"
LOG = "service.log"
"""In the state directory, where there is no journal."""
_NO_BUS = "Log in as this user (not by su or sudo), or run once: loginctl enable-linger"
PATIENCE = 90.0
"""Seconds for a manager of services to do what it is asked."""


class Manager(Protocol):
    """What runs programs in the background here."""

    file: Path
    """Where it is told about ours."""

    def text(self, job: Job) -> bytes: ...

    def start(self) -> None:
        """With the file as it is now, also where it runs already."""
        ...

    def stop(self) -> None:
        """For good."""
        ...

    def forget(self) -> None:
        """The file is gone."""
        ...

    def runs(self) -> bool: ...

    def logs(self, settings: Settings, *, follow: bool) -> list[str]:
        """The command that shows them."""
        ...

    def advice(self) -> str: ...


class Systemd:
    def __init__(self) -> None:
        self.file = config_dir().parent / "systemd" / "user" / UNIT

    def text(self, job: Job) -> bytes:
        return systemd_unit(job).encode()

    def start(self) -> None:
        for words in (["daemon-reload"], ["enable", UNIT], ["restart", UNIT]):
            _run("systemctl", "--user", *words)

    def stop(self) -> None:
        _run("systemctl", "--user", "disable", "--now", UNIT)

    def forget(self) -> None:
        _run("systemctl", "--user", "daemon-reload")

    def runs(self) -> bool:
        return _answers("systemctl", "--user", "is-active", UNIT)[0]

    def logs(self, settings: Settings, *, follow: bool) -> list[str]:
        words = ["journalctl", "--user", "--unit", UNIT, "--lines", "100", "--output", "cat"]
        return [*words, "--follow"] if follow else [*words, "--no-pager"]

    def advice(self) -> str:
        """Nothing where it outlives a log-out, or where nobody can tell."""
        ok, told = _answers("loginctl", "show-user", str(os.getuid()), "--property=Linger")
        if not ok or told.strip() != "Linger=no":
            return ""
        return "It ends when you log out. To keep it running: loginctl enable-linger"


class Launchd:
    def __init__(self) -> None:
        self.file = Path.home() / "Library" / "LaunchAgents" / f"{LABEL}.plist"
        self._domain = f"gui/{os.getuid()}"

    def text(self, job: Job) -> bytes:
        return launch_agent(job)

    def start(self) -> None:
        if self.runs():
            self.stop()
        _run("launchctl", "bootstrap", self._domain, str(self.file))

    def stop(self) -> None:
        if self.runs():
            _run("launchctl", "bootout", f"{self._domain}/{LABEL}")

    def runs(self) -> bool:
        return _answers("launchctl", "print", f"{self._domain}/{LABEL}")[0]

    def logs(self, settings: Settings, *, follow: bool) -> list[str]:
        words = ["tail", "-n", "100", str(settings.state_dir / LOG)]
        return [*words, "-f"] if follow else words

    def forget(self) -> None:
        """It has been, by ``stop``."""

    def advice(self) -> str:
        return ""


def install(settings: Settings) -> int:
    manager = _manager()
    _refuse_foreign(manager)
    if not manager.runs() and listens(socket_of(settings)):
        raise WingmanError("a gateway runs already: end it first (Ctrl-C), then install again")
    settings.state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    content = manager.text(_job(settings))
    was_there = manager.file.exists()
    manager.file.parent.mkdir(parents=True, exist_ok=True)
    manager.file.write_bytes(content)
    try:
        manager.start()
    except WingmanError:
        if not was_there:
            manager.file.unlink()
        raise
    _say(f"✓ {manager.file} is written, and the gateway is started in the background")
    for line in (_unseen(), manager.advice()):
        if line:
            _say(f"! {line}")
    _say(f"How it does: {program()} service status. The local phone: {program()} link")
    return 0


def uninstall() -> int:
    manager = _manager()
    if not manager.file.exists():
        _say("· no service of Wingman's is installed")
        return 0
    _refuse_foreign(manager)
    manager.stop()
    manager.file.unlink()
    manager.forget()
    _say(f"✓ {manager.file} is gone, and the gateway has ended; your agents run on")
    return 0


def status(settings: Settings) -> int:
    """Exit 0 when it runs and answers."""
    manager = _manager()
    if not manager.file.exists():
        _say(f"· not installed: {program()} service install")
        return 1
    _say(f"✓ installed: {manager.file}")
    if not manager.runs():
        _say(f"✗ it does not run; what it said last: {program()} service logs")
        return 1
    if not listens(socket_of(settings)):
        _say(f"✗ it runs, and no gateway answers yet; its log: {program()} service logs")
        return 1
    _say("✓ it runs, and the gateway answers")
    return 0


def logs(settings: Settings, *, follow: bool) -> int:
    words = _manager().logs(settings, follow=follow)
    with contextlib.suppress(KeyboardInterrupt):
        return subprocess.run(words, check=False).returncode
    return 0


def _manager() -> Manager:
    if sys.platform == "darwin":
        return Launchd()
    if shutil.which("systemctl"):
        return Systemd()
    raise WingmanError(
        "there is neither systemd nor launchd here: let whatever starts programs on this machine "
        f"run this one: {' '.join(_command())}"
    )


def _refuse_foreign(manager: Manager) -> None:
    if manager.file.exists() and MARK.encode() not in manager.file.read_bytes():
        raise WingmanError(f"{manager.file} was written by somebody else: move it away first")


def _job(settings: Settings) -> Job:
    here = Path.cwd()
    directory = here if (here / ".env").is_file() else Path.home()
    log = settings.state_dir / LOG
    return Job(_command(), directory, log, inherited(os.environ))


def _command() -> list[str]:
    beside = Path(sys.executable).with_name(NAME)
    if beside.exists():
        return [str(beside), "run"]
    return [sys.executable, "-m", "bot", "run"]


def _unseen() -> str:
    """Settings that only this shell has."""
    ours = (name for name in sorted(os.environ) if name.startswith(PREFIX))
    names = [n for n in ours if n not in NOT_SETTINGS and not n.startswith("WINGMAN_TEST_")]
    if not names:
        return ""
    where = config_dir() / ".env"
    return (
        f"The service does not see what this shell sets: write it to {where}: {', '.join(names)}"
    )


def _run(*words: str) -> None:
    ok, told = _answers(*words)
    if not ok:
        last = (told.strip().splitlines() or ["it failed"])[-1]
        cure = f". {_NO_BUS}" if "connect to bus" in last else ""
        raise WingmanError(f"{' '.join(words)}: {last}{cure}")


def _answers(*words: str) -> tuple[bool, str]:
    """Whether it ended well, and what it said."""
    try:
        ran = subprocess.run(
            words,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=PATIENCE,
            text=True,
            errors="replace",
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return False, str(error)
    return ran.returncode == 0, ran.stdout


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
