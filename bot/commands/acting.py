"""Commands that act: through the running gateway, as if typed on the phone."""

from __future__ import annotations

import sys
from pathlib import Path

from rich.console import Console

from bot.commands.client import Client
from bot.commands.show import notice
from bot.core.places import SOCKET
from bot.settings import Settings


def socket_of(settings: Settings) -> Path:
    return settings.state_dir / SOCKET


def say(settings: Settings, text: str, hint: str = "") -> int:
    """A chat command. A refusal goes to standard error, with exit code 1.

    ``hint`` is what to write instead, when the answer is a question."""
    with Client(socket_of(settings)) as client:
        answer = client.command(text)
    return _tell(answer, hint)


def stop(settings: Settings, name: str, *, force: bool) -> int:
    sure = " yes" if force else ""
    return say(settings, f"stop {name}{sure}", f"If you are sure: wingman stop {name} --force")


def _tell(answer: dict[str, object], hint: str = "") -> int:
    ok = bool(answer["ok"])
    document = answer["notice"]
    if not isinstance(document, dict):
        raise TypeError("a gateway of another version answers on the socket")
    if not ok:
        sys.stderr.write(f"{document['title']}\n")
        for part in document["parts"]:
            sys.stderr.write(f"{part['text']}\n")
        if hint and document["buttons"]:
            sys.stderr.write(f"{hint}\n")
        return 1
    Console(highlight=False, soft_wrap=True).print(notice({**document, "buttons": []}))
    return 0


def start(settings: Settings, name: str, directory: str, task: str, agent: str, mode: str) -> int:
    body = {
        "name": name,
        "directory": directory,
        "prompt": task,
        "agent": agent,
        "permission_mode": mode,
    }
    with Client(socket_of(settings)) as client:
        return _tell(client.post("/api/sessions", body))


def send(settings: Settings, name: str, text: str) -> int:
    return say(settings, f"send {name} {text}")


def link(settings: Settings) -> int:
    with Client(socket_of(settings)) as client:
        sys.stdout.write(client.post("/api/link", {})["url"] + "\n")
    return 0
