from collections.abc import AsyncIterator

import httpx
import pytest_asyncio

from tests.support.gateway import Gateway


@pytest_asyncio.fixture
async def gateway() -> AsyncIterator[Gateway]:
    async with Gateway().running() as running:
        yield running


@pytest_asyncio.fixture
async def api(gateway: Gateway) -> AsyncIterator[httpx.AsyncClient]:
    """A client with the bearer token."""
    async with gateway.client() as client:
        client.headers.update(gateway.bearer)
        yield client
