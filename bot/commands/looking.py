"""Commands that look: through the gateway if one runs, else at the panes themselves."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from bot.adapters.clock import SystemClock
from bot.commands import offline
from bot.commands.acting import say, socket_of
from bot.commands.client import Client, NoGateway
from bot.commands.figures import summary
from bot.commands.program import program
from bot.commands.show import harmless
from bot.core.errors import WingmanError
from bot.services.overview import age
from bot.settings import ConfigurationError, Settings, load

FILE_WIDTH = 500
"""Columns where nobody looks: a name must stay on one line for grep."""

Document = dict[str, Any]


def _ask(settings: Settings, path: str) -> Any:
    with Client(socket_of(settings)) as client:
        return client.get(path)


def _sessions(settings: Settings) -> list[Document]:
    try:
        found: list[Document] = _ask(settings, "/api/sessions")
    except NoGateway:
        found = offline.sessions(settings)
    return found


def _print_json(document: object) -> int:
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
    return 0


def sessions(settings: Settings, *, as_json: bool) -> int:
    found = _sessions(settings)
    if as_json:
        return _print_json(found)
    if not found:
        sys.stdout.write(
            f"No sessions. Start one: {program()} start NAME --dir DIR --prompt TEXT\n"
        )
        return 0
    Console(width=None if sys.stdout.isatty() else FILE_WIDTH).print(_table(found))
    return 0


def _table(found: Sequence[Document]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("NAME", "AGENT", "STATE", "SINCE", "DIRECTORY", "WAITS", "NOTES"):
        table.add_column(title, overflow="fold")
    now = SystemClock().now()
    for session in found:
        since = datetime.fromisoformat(session["state_since"])
        cells = (
            session["name"],
            session["agent"] or "-",
            session["phase"],
            age(since, now),
            session["directory"],
            session["prompt"] or "",
            _notes(session),
        )
        style = "yellow" if session["phase"] == "waiting" else ""
        table.add_row(*(Text(harmless(cell)) for cell in cells), style=style)
    return table


def _notes(session: Document) -> str:
    """A gateway of an older version may not tell all of it."""
    of = session.get
    context = of("context")
    notes = (
        of("halted") or of("trouble"),
        f"{of('progress')} %" if of("progress") else "",
        f"{of('tests')} tests" if of("tests") else "",
        f"context {context} %" if context is not None else "",
        of("cost"),
    )
    return " · ".join(filter(None, notes))


def status(settings: Settings, name: str | None, *, as_json: bool) -> int:
    if name is None:
        shown = sessions(settings, as_json=as_json)
        figures = "" if as_json else _figures(settings)
        sys.stdout.write(f"{summary(figures)}\n" if figures else "")
        return shown
    found = _one(settings, name)
    if as_json:
        return _print_json(found)
    try:
        return say(settings, f"status {found['name']}")
    except NoGateway:
        for key, value in found.items():
            sys.stdout.write(f"{key}: {harmless(str(value))}\n")
        return 0


def _figures(settings: Settings) -> str:
    """What the running gateway has measured; empty when none runs."""
    try:
        with Client(socket_of(settings)) as client:
            return client.text("/metrics")
    except NoGateway:
        return ""


def _one(settings: Settings, name: str) -> Document:
    """By name, or a prefix that only one has. Raises WingmanError."""
    found = _sessions(settings)
    exact = [session for session in found if session["name"] == name]
    near = exact or [s for s in found if s["name"].lower().startswith(name.lower())]
    if len(near) == 1:
        return near[0]
    names = ", ".join(session["name"] for session in near or found) or "none"
    problem = "which one?" if near else f"there is no session '{name}':"
    raise WingmanError(f"{problem} {names}")


def pending(settings: Settings, *, as_json: bool) -> int:
    if not as_json:
        return say(settings, "pending")
    found = _ask(settings, "/api/prompts")
    now = SystemClock().now()
    for prompt in found:
        opened = datetime.fromisoformat(prompt["opened_at"])
        prompt["age"] = round((now - opened).total_seconds(), 1)
    return _print_json(found)


def peek(settings: Settings, name: str, lines: int) -> int:
    session = _one(settings, name)
    try:
        with Client(socket_of(settings)) as client:
            text = client.text(f"/api/sessions/{quote(session['name'])}/screen?lines={lines}")
    except NoGateway:
        text = offline.screen(settings, session["pane"], lines)
    sys.stdout.write(harmless(text).rstrip("\n") + "\n")
    return 0


def attach(settings: Settings, name: str) -> int:
    """Becomes tmux. Within tmux it switches the client instead."""
    session = _one(settings, name)
    argv = offline.attach_argv(settings, session["tmux_session"])
    os.execvp(argv[0], argv)  # noqa: S606 - a list of our own, no shell


def dashboard(settings: Settings) -> int:
    """Redrawn with every change until Ctrl-C."""
    console = Console()
    with Client(socket_of(settings)) as client, Live(console=console, screen=False) as live:
        live.update(_table(client.get("/api/sessions")))
        for _ in client.stream("/api/events"):
            live.update(_table(client.get("/api/sessions")))
    return 0


def complete_session(incomplete: str) -> list[str]:
    """For the shell. Never an error: there is nobody to read it."""
    try:
        names = [session["name"] for session in _sessions(load())]
    except (WingmanError, ConfigurationError):
        return []
    return [name for name in names if name.startswith(incomplete)]


def complete_prompt(incomplete: str) -> list[str]:
    try:
        prompts = _ask(load(), "/api/prompts")
    except (WingmanError, ConfigurationError):
        return []
    words = [word for prompt in prompts for word in (prompt["session"], prompt["code"])]
    return [word for word in words if word.startswith(incomplete)]
