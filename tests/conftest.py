from __future__ import annotations

import gc
import os
import sys
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.support.botapi.fixtures import telegram_oracle as telegram_oracle
from tests.support.dealing import dealt
from tests.support.net import leaks
from tests.support.twilioapi.fixtures import twilio_oracle as twilio_oracle

# Where Python leaves no compiled files beside the sources, each program that a test starts would
# compile all of them again: they go into the environment.
if sys.dont_write_bytecode:
    sys.dont_write_bytecode = False
    sys.pycache_prefix = os.environ["PYTHONPYCACHEPREFIX"] = str(Path(sys.prefix, "compiled"))
    del os.environ["PYTHONDONTWRITEBYTECODE"]

# How long an example takes says something about the machine, not about the code.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")

NOT_MEASURED = ("demo", "journeys", "simulation", "web")
"""Folders whose tests say little about coverage and are slow under its tracer: what they run is
run by others too."""


gc.disable()  # nothing of what collecting makes is garbage


def pytest_xdist_auto_num_workers() -> int:
    """Half of the tests wait for other programs most of their time: two for each core, or four
    more than there are cores."""
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return cores + min(cores, 4)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if set(NOT_MEASURED) & set(item.path.parts):
            item.add_marker("no_cover")
    if worker := getattr(config, "workerinput", None):
        items[:] = dealt(items, worker["workercount"])


def pytest_collection_finish() -> None:
    """Thousands of tests, and what they have loaded, are not searched for garbage again."""
    gc.freeze()
    gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test in which a secret of the settings was said anywhere has failed."""
    report = yield
    said = {secret for _, text in report.sections for secret in leaks(text)}
    if said and not report.failed:
        report.outcome = "failed"
        report.longrepr = f"said aloud: {', '.join(sorted(said))}"
    return report
