"""The running gateway's figures, read from its ``/metrics``."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

_SAMPLE = re.compile(r"(?P<name>\w+)(?:\{(?P<labels>[^}]*)\})? (?P<value>\S+)")
_LABEL = re.compile(r'(\w+)="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Figures:
    totals: dict[str, float]
    """By name, over all labels."""
    within: tuple[tuple[float, float], ...]
    """The histogram of detection: a limit in seconds, and how many were noticed within it."""
    queues: dict[str, tuple[float, float]]
    """By channel: messages that wait, and the age of the oldest in seconds."""

    @property
    def noticed(self) -> int:
        return int(self.totals["wingman_detection_seconds_count"])

    def total(self, name: str) -> int:
        return int(self.totals[f"wingman_{name}"])

    def share_within(self, share: float) -> float:
        """Seconds within which that share of all was noticed, as far as the buckets tell."""
        return next((limit for limit, n in self.within if n >= self.noticed * share), 0.0)

    def histogram(self) -> str:
        """``12 within 10 ms, 3 within 15 ms``: what lies between two limits, if anything does."""
        steps = pairwise(((0.0, 0.0), *self.within))
        counts = [(limit, n - before) for (_, before), (limit, n) in steps if n > before]
        return ", ".join(f"{n:g} within {span(limit)}" for limit, n in counts)


def read(text: str) -> Figures:
    """Of Prometheus' text format."""
    totals: defaultdict[str, float] = defaultdict(float)
    within: list[tuple[float, float]] = []
    queues: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for line in text.splitlines():
        found = _SAMPLE.fullmatch(line)
        if found is None:
            continue
        name, value = found["name"], float(found["value"])
        labels = dict(_LABEL.findall(found["labels"] or ""))
        totals[name] += value
        if name == "wingman_detection_seconds_bucket":
            within.append((float(labels["le"]), value))
        if name in ("wingman_outbox_rows", "wingman_outbox_oldest_seconds"):
            queues[labels["channel"]][name] = value
    return Figures(
        totals,
        tuple(within),
        {
            channel: (
                of.get("wingman_outbox_rows", 0.0),
                of.get("wingman_outbox_oldest_seconds", 0.0),
            )
            for channel, of in queues.items()
        },
    )


def summary(text: str) -> str:
    """One line: ``Noticed 12 things to tell, half of them within 15 ms; …``."""
    figures = read(text)
    pace = f", half of them within {span(figures.share_within(0.5))}" if figures.noticed else ""
    unread = figures.total("unread_total")
    gaps = f"; {unread} times more scrolled by than was read" if unread else ""
    return (
        f"Noticed {figures.noticed} things to tell{pace}; {figures.total('sweeps_total')} sweeps "
        f"found {figures.total('sweep_finds_total')} more{gaps}; "
        f"{figures.total('outbox_rows')} messages queued"
    )


def span(seconds: float) -> str:
    """``15 ms``, ``2.5 s``; for the last bucket ``more than that``."""
    if seconds == float("inf"):
        return "more than that"
    return f"{seconds * 1000:g} ms" if seconds < 1 else f"{seconds:g} s"
