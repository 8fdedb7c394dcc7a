"""The ledger on a SQLite file."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.adapters.store.store import SqlStore
from tests.contracts.store_contract import StoreContract
from tests.support.stores import temporary_store


class TestContract(StoreContract):
    @pytest.fixture
    async def store(self, tmp_path: Path) -> AsyncIterator[SqlStore]:
        async with temporary_store(tmp_path) as store:
            yield store
