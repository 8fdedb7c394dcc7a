"""Figures for Prometheus, in a registry of our own."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_FAST = (0.002, 0.005, 0.01, 0.015, 0.02, 0.03, 0.05, 0.075, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_SLOW = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0, 3600.0)


class Prometheus:
    """Implements ``Meter``. Names and labels hold nothing that an agent or a person wrote."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self._captures = Counter(
            "wingman_captures", "Requests to tmux for screens", registry=registry
        )
        self._screens = Counter("wingman_screens", "Screens captured", registry=registry)
        self._detection = Histogram(
            "wingman_detection_seconds",
            "From the hint that a pane wrote to the commit of what is told of it",
            buckets=_FAST,
            registry=registry,
        )
        self._sweeps = Counter(
            "wingman_sweeps", "Regular sweeps over all panes", registry=registry
        )
        self._missed = Counter(
            "wingman_sweep_finds",
            "Panes with news that a sweep found and no hint had told of",
            registry=registry,
        )
        self._unread = Counter(
            "wingman_unread",
            "Times that more scrolled by in a pane than was read",
            registry=registry,
        )
        self._presses = Counter(
            "wingman_presses", "Keys and texts for agents", ["outcome"], registry=registry
        )
        self._sends = Counter(
            "wingman_sends", "Messages tried", ["channel", "outcome"], registry=registry
        )
        self._age = Histogram(
            "wingman_send_age_seconds",
            "From when a message was due to what became of it",
            ["channel"],
            buckets=_SLOW,
            registry=registry,
        )
        self._depth = Gauge(
            "wingman_outbox_rows", "Messages queued", ["channel"], registry=registry
        )
        self._oldest = Gauge(
            "wingman_outbox_oldest_seconds",
            "Age of the message that waits longest",
            ["channel"],
            registry=registry,
        )

    def captured(self, panes: int) -> None:
        self._captures.inc()
        self._screens.inc(panes)

    def noticed(self, seconds: float) -> None:
        self._detection.observe(seconds)

    def swept(self, found: int) -> None:
        self._sweeps.inc()
        self._missed.inc(found)

    def unread(self) -> None:
        self._unread.inc()

    def pressed(self, outcome: str) -> None:
        self._presses.labels(outcome).inc()

    def sent(self, channel: str, outcome: str, age: float) -> None:
        self._sends.labels(channel, outcome).inc()
        self._age.labels(channel).observe(max(0.0, age))

    def queued(self, channel: str, rows: int, oldest: float) -> None:
        self._depth.labels(channel).set(rows)
        self._oldest.labels(channel).set(oldest)

    def text(self) -> str:
        """In Prometheus' text format, version 0.0.4."""
        return generate_latest(self._registry).decode()
