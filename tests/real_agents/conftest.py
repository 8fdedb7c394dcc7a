from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.real_agents import namespace, packages
from tests.real_agents.rig import Rig

VERSIONS = ("2.1.329", "2.1.197")

Rigged = Callable[..., Rig]


@pytest.fixture(params=VERSIONS)
def version(request: pytest.FixtureRequest) -> str:
    """Each version of Claude Code that must pass; skipped with the reason where it cannot run."""
    wanted = str(request.param)
    reason = namespace.unavailable() or packages.missing("claude", wanted)
    if reason:
        pytest.skip(reason)
    return wanted


@pytest.fixture
def claude_rig(version: str, tmp_path: Path) -> Iterator[Rigged]:
    """``claude_rig(trusted=False)``: the real agent with a scripted model."""
    with ExitStack() as stack:

        def enter(**options: object) -> Rig:
            return stack.enter_context(Rig(version, tmp_path / "rig", **options))  # type: ignore[arg-type]

        yield enter
