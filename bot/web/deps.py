"""What the web layer is given by whoever starts it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from bot.channels.local import LocalPhone
from bot.ports.chatlog import ChatLog
from bot.ports.clock import Clock
from bot.ports.webhook import Webhook
from bot.web.guard import Access
from bot.web.login import Links
from bot.web.surface import Surface


@dataclass(frozen=True, slots=True)
class Deps:
    phone: LocalPhone
    log: ChatLog
    surface: Surface
    clock: Clock
    access: Access
    links: Links
    webhooks: tuple[Webhook, ...] = ()
    metrics: Callable[[], str] = str
    """The figures, in Prometheus' text format; none by default."""
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    """Set on shutdown: ends the streams, which would otherwise keep the server open."""


def _deps(request: Request) -> Deps:
    deps: Deps = request.app.state.deps
    return deps


def _by(request: Request) -> str:
    by: str = request.state.by
    return by


Needs = Annotated[Deps, Depends(_deps)]
By = Annotated[str, Depends(_by)]
"""Who asks, as the guard found it."""
