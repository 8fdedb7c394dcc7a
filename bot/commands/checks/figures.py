"""How the gateway that runs does its work, by its own figures."""

from __future__ import annotations

from bot.commands import figures
from bot.commands.client import Client, NoGateway, NotDone
from bot.commands.figures import Figures, span
from bot.core.checks import Check, Level
from bot.core.places import SOCKET
from bot.settings import Settings

SLOW = 1.0
"""Seconds within which nearly all should be noticed, however busy the machine is."""
MANY = 10
"""Fewer finds of the sweep say nothing."""
OLD = 60.0
"""Seconds."""


async def watching(settings: Settings) -> tuple[Check, ...]:
    try:
        with Client(settings.state_dir / SOCKET) as client:
            text = client.text("/metrics")
    except (NoGateway, NotDone):
        return (Check("watch", Level.OFF, "nothing is measured: no gateway runs now"),)
    return checks(figures.read(text))


def checks(of: Figures) -> tuple[Check, ...]:
    asked, screens = of.total("captures_total"), of.total("screens_total")
    captures = Check("watch.captures", Level.OK, f"{screens} screens in {asked} requests to tmux")
    return (_latency(of), captures, _sweep(of), *(_queue(name, of) for name in sorted(of.queues)))


def _latency(of: Figures) -> Check:
    if not of.noticed:
        return Check("watch.latency", Level.OK, "nothing was to be told yet")
    most = of.share_within(0.99)
    says = f"{of.noticed} things to tell were noticed: {of.histogram()}"
    if most <= SLOW:
        return Check("watch.latency", Level.OK, says)
    cure = "see what else keeps this machine, or its disk, busy"
    return Check("watch.latency", Level.WARN, says, cure)


def _sweep(of: Figures) -> Check:
    found, unread = of.total("sweep_finds_total"), of.total("unread_total")
    says = f"{of.total('sweeps_total')} sweeps found {found} that no hint had told of"
    if unread:
        says += f"; {unread} times more scrolled by than was read"
    if found < MANY or found < of.noticed:
        return Check("watch.sweep", Level.OK, says)
    cure = (
        "a program that writes to /dev/tty is seen by the sweep alone, and so is all from a "
        "gateway in another container: let it run where tmux does"
    )
    return Check("watch.sweep", Level.WARN, says, cure)


def _queue(channel: str, of: Figures) -> Check:
    rows, oldest = of.queues[channel]
    says = f"{rows:g} messages wait" + (f", the oldest for {span(round(oldest))}" if rows else "")
    if not rows or oldest < OLD:
        return Check(f"queue.{channel}", Level.OK, says)
    cure = "the gateway's log says why; nothing of it is lost"
    return Check(f"queue.{channel}", Level.WARN, says, cure)
