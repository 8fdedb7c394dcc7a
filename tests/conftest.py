from __future__ import annotations

import pytest
from hypothesis import settings

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
