from bot.adapters.metrics import Prometheus
from bot.commands.figures import summary


def test_a_line_of_what_was_measured() -> None:
    meter = Prometheus()
    for seconds in (0.004, 0.009, 0.3):
        meter.noticed(seconds)
    for found in (0, 1, 0):
        meter.swept(found)
    meter.queued("telegram", 2, 1.0)
    meter.queued("local", 1, 1.0)

    assert summary(meter.text()) == (
        "Noticed 3 things to tell, half of them within 10 ms; 3 sweeps found 1 more; "
        "3 messages queued"
    )
    meter.unread()
    assert "found 1 more; 1 times more scrolled by than was read; 3" in summary(meter.text())


def test_nothing_was_measured_yet() -> None:
    assert summary(Prometheus().text()) == (
        "Noticed 0 things to tell; 0 sweeps found 0 more; 0 messages queued"
    )
