from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.support.tmux import NO_TMUX, Adapter, RealTmux, running


@pytest.fixture
def tmux(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealTmux]:
    if NO_TMUX:
        pytest.skip(NO_TMUX)
    real = RealTmux(tmp_path_factory.mktemp("t"))
    yield real
    real.kill()


@pytest.fixture
async def adapter(tmux: RealTmux) -> AsyncIterator[Adapter]:
    async with running(tmux) as whole:
        yield whole
