"""One line of the running gateway's figures, from its ``/metrics``."""

from __future__ import annotations

import re
from collections import defaultdict

_SAMPLE = re.compile(r"(?P<name>\w+)(?:\{(?P<labels>[^}]*)\})? (?P<value>\S+)")


def summary(text: str) -> str:
    """``Told of 12 changes, half of them within 15 ms; …`` of Prometheus' text format."""
    totals: defaultdict[str, float] = defaultdict(float)
    within: list[tuple[float, float]] = []
    for line in text.splitlines():
        found = _SAMPLE.fullmatch(line)
        if found is None:
            continue
        totals[found["name"]] += float(found["value"])
        if found["name"] == "wingman_detection_seconds_bucket":
            within.append((float((found["labels"] or "").split('"')[1]), float(found["value"])))
    noticed = totals["wingman_detection_seconds_count"]
    half = next((limit for limit, count in within if count * 2 >= noticed), 0.0)
    pace = f", half of them within {half * 1000:g} ms" if noticed else ""
    return (
        f"Noticed {noticed:g} things to tell{pace}; {totals['wingman_sweeps_total']:g} sweeps "
        f"found {totals['wingman_sweep_finds_total']:g} more; "
        f"{totals['wingman_outbox_rows']:g} messages queued"
    )
