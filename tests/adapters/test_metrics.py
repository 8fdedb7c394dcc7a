from __future__ import annotations

from bot.adapters.metrics import Prometheus
from bot.ports.meter import Meter


def test_what_was_measured_is_in_the_text() -> None:
    prometheus = Prometheus()
    meter: Meter = prometheus
    meter.captured(3)
    meter.noticed(0.012)
    meter.swept(1)
    meter.swept(0)
    meter.unread()
    meter.pressed("pressed")
    meter.sent("telegram", "sent", 0.03)
    meter.queued("telegram", 4, 2.5)

    lines = prometheus.text().splitlines()

    for line in (
        "wingman_captures_total 1.0",
        "wingman_screens_total 3.0",
        'wingman_detection_seconds_bucket{le="0.01"} 0.0',
        'wingman_detection_seconds_bucket{le="0.015"} 1.0',
        "wingman_sweeps_total 2.0",
        "wingman_sweep_finds_total 1.0",
        "wingman_unread_total 1.0",
        'wingman_presses_total{outcome="pressed"} 1.0',
        'wingman_sends_total{channel="telegram",outcome="sent"} 1.0',
        'wingman_send_age_seconds_count{channel="telegram"} 1.0',
        'wingman_outbox_rows{channel="telegram"} 4.0',
        'wingman_outbox_oldest_seconds{channel="telegram"} 2.5',
    ):
        assert line in lines


def test_two_gateways_in_one_process_share_nothing() -> None:
    one, other = Prometheus(), Prometheus()
    one.swept(1)
    assert "wingman_sweeps_total 0.0" in other.text().splitlines()
