"""What systemd and launchd are told about the gateway, as text."""

from __future__ import annotations

import plistlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.core.errors import WingmanError

MARK = "Written by wingman service install"
"""Where it is missing, somebody else wrote the file."""
LABEL = "tmux-wingman"
INHERITED = (
    *("PATH", "SHELL", "LANG", "LC_ALL", "LC_CTYPE"),
    *("TMUX_TMPDIR", "XDG_CONFIG_HOME", "XDG_STATE_HOME"),
)
"""A manager of services has an environment of its own: with its PATH no agent would be found,
without a language tmux would show no letter beyond ASCII, and with other directories it would be
another gateway."""


@dataclass(frozen=True, slots=True)
class Job:
    """The gateway as a service."""

    command: Sequence[str]
    directory: Path
    """Where a ``.env`` is looked for."""
    log: Path
    """For launchd, which has no journal."""
    environment: Mapping[str, str] = field(default_factory=dict)


def inherited(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: environment[name] for name in INHERITED if environment.get(name)}


def systemd_unit(job: Job) -> str:
    """KillMode: a tmux server that Wingman began belongs to the unit, and must outlive it with
    all agents in it. Standard output has the one-time link, which is nothing for a journal.
    75 and 78 (another gateway runs; a setting is wrong) are not cured by trying again."""
    lines = [
        f"# {MARK}. To change something: systemctl --user edit wingman",
        "[Unit]",
        "Description=Wingman: supervise coding agents from your phone",
        "StartLimitIntervalSec=0",
        "",
        "[Service]",
        f"ExecStart={' '.join(_quoted(word, dollars=True) for word in job.command)}",
        f"WorkingDirectory={_plain(str(job.directory)).replace('%', '%%')}",
        *(f"Environment={_quoted(f'{k}={v}')}" for k, v in job.environment.items()),
        "StandardOutput=null",
        "StandardError=journal",
        "KillMode=process",
        "Restart=on-failure",
        "RestartSec=5",
        "RestartPreventExitStatus=75 78",
        "",
        "[Install]",
        "WantedBy=default.target",
    ]
    return "\n".join(lines) + "\n"


def _quoted(word: str, *, dollars: bool = False) -> str:
    """As systemd.syntax(7) wants it; in a command ``$`` would name a variable."""
    quoted = _plain(word).replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{quoted.replace("$", "$$") if dollars else quoted}"'


def _plain(word: str) -> str:
    if any(ord(character) < ord(" ") for character in word):
        raise WingmanError(f"a service cannot be told {word!r}: it has a control character")
    return word


def launch_agent(job: Job) -> bytes:
    """AbandonProcessGroup: as with systemd, the tmux server stays."""
    job_description = {
        "Label": LABEL,
        "ProgramArguments": list(job.command),
        "WorkingDirectory": str(job.directory),
        "EnvironmentVariables": dict(job.environment),
        "RunAtLoad": True,
        "KeepAlive": {"SuccessfulExit": False},
        "ThrottleInterval": 30,
        "AbandonProcessGroup": True,
        "StandardOutPath": "/dev/null",
        "StandardErrorPath": str(job.log),
    }
    head, _, rest = plistlib.dumps(job_description).partition(b"\n")
    return head + f"\n<!-- {MARK} -->\n".encode() + rest
