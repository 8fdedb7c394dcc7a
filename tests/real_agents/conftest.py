from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.real_agents import namespace, packages
from tests.real_agents.rig import Rig
from tests.real_agents.shop import Shop
from tests.support.desk import Desk
from tests.support.process import GatewayProcess

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


@pytest.fixture
async def desk(shop: Shop) -> AsyncIterator[Desk]:
    """A gateway on the agent of the module's ``shop``."""
    gateway = GatewayProcess(shop.folder, shop.tmux.server.address)
    await gateway.up()
    try:
        yield Desk(gateway)
    finally:
        await gateway.down()
