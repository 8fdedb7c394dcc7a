from __future__ import annotations

from collections.abc import Generator

import pytest
from hypothesis import settings

from tests.support.net import leaks

# How long an example takes says something about the machine, not about the code.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")

NOT_MEASURED = ("demo", "journeys", "simulation", "web")
"""Folders whose tests say little about coverage and are slow under its tracer: what they run is
run by others too."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if set(NOT_MEASURED) & set(item.path.parts):
            item.add_marker("no_cover")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test in which a secret of the settings was said anywhere has failed."""
    report = yield
    said = {secret for _, text in report.sections for secret in leaks(text)}
    if said and not report.failed:
        report.outcome = "failed"
        report.longrepr = f"said aloud: {', '.join(sorted(said))}"
    return report
