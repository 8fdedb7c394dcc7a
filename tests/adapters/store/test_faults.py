"""A database that cannot be used: one clear line each, and nothing is lost or overwritten."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bot.adapters.store.faults import Conflict, explain
from bot.adapters.store.store import SqlStore
from bot.core.errors import StoreUnusable, WingmanError
from tests.support.ledger_rows import NOW, outbox_record, prompt_record
from tests.support.stores import empty_ledger, temporary_store


@pytest.fixture(scope="module")
def ledger() -> bytes:
    return empty_ledger()


@pytest.fixture
def path(tmp_path: Path, ledger: bytes) -> Path:
    file = tmp_path / "wingman.db"
    file.write_bytes(ledger)
    return file


@contextmanager
def other_program(path: Path, *statements: str) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)
        yield connection


def one_line(error: WingmanError, *words: str) -> None:
    text = str(error)
    assert "\n" not in text
    assert [word for word in words if word not in text] == []


def content(path: Path) -> bytes:
    return path.read_bytes()


async def refused(path: Path, *words: str) -> None:
    """Opening fails and leaves the file as it is."""
    before = content(path)
    with pytest.raises(StoreUnusable) as caught:
        await SqlStore.open(path)
    one_line(caught.value, str(path), *words)
    assert content(path) == before


class TestLocked:
    async def test_says_so_and_goes_on_afterwards(self, path: Path) -> None:
        async with await SqlStore.open(path, busy_timeout=0.05) as store:
            with (
                other_program(path, "BEGIN IMMEDIATE"),
                pytest.raises(StoreUnusable) as caught,
            ):
                async with store.transaction():
                    pytest.fail("entered although another program writes")
            one_line(caught.value, str(path), "locked by another program", "0.05 s", "close what")
            async with store.transaction() as tx:
                await tx.meta.put("a", "1")

    async def test_is_waited_for(self, path: Path) -> None:
        async with await SqlStore.open(path) as store:
            with other_program(path, "BEGIN IMMEDIATE") as other:
                async with store.snapshot() as tx:
                    assert await tx.meta.get("a") is None
                other.execute("COMMIT")
            async with store.transaction() as tx:
                await tx.meta.put("a", "1")


class TestFull:
    async def test_nothing_is_written_and_reading_goes_on(self, path: Path) -> None:
        pages = len(content(path)) // 4096 + 4
        async with await SqlStore.open(path, pragmas={"max_page_count": pages}) as store:
            async with store.transaction() as tx:
                await tx.meta.put("small", "1")

            async def write_much() -> None:
                async with store.transaction() as tx:
                    await tx.meta.put("small", "2")
                    await tx.meta.put("big", "x" * 100_000)

            with pytest.raises(StoreUnusable) as caught:
                await write_much()
            one_line(caught.value, str(path), "no room left", "nothing was written", "free some")
            async with store.snapshot() as tx:
                assert await tx.meta.get("small") == "1"
                assert await tx.meta.get("big") is None
            async with store.transaction() as tx:
                await tx.meta.put("small", "3")
        async with await SqlStore.open(path) as store, store.snapshot() as tx:
            assert await tx.meta.get("small") == "3"


class TestDamaged:
    async def test_header(self, path: Path) -> None:
        with path.open("r+b") as stream:
            stream.write(b"no database at all")
        await refused(path, "is damaged", "not a database", "put a backup")

    async def test_page(self, path: Path) -> None:
        with path.open("r+b") as stream:
            stream.seek(4096 * 2)
            stream.write(b"\xff" * 4096)
        await refused(path, "is damaged", "keep a copy")

    @pytest.mark.parametrize("size", [0, 50, 100, 4096, 20_000])
    async def test_cut_off(self, path: Path, size: int) -> None:
        with path.open("r+b") as stream:
            stream.truncate(size)
        await refused(path, "is damaged")

    async def test_a_row_that_makes_no_sense(self, path: Path) -> None:
        async with await SqlStore.open(path) as store:
            async with store.transaction() as tx:
                await tx.prompts.add(prompt_record("p1"))
            with other_program(path, "UPDATE prompts SET prompt = '{'"):
                pass
            async with store.snapshot() as tx:
                with pytest.raises(StoreUnusable) as caught:
                    await tx.prompts.get(prompt_record("p1").id)
        one_line(caught.value, str(path), "is damaged", "PromptRecord")

    async def test_bytes_that_are_no_text(self, path: Path) -> None:
        async with await SqlStore.open(path) as store:
            async with store.transaction() as tx:
                await tx.meta.put("a", "1")
            with other_program(path, "UPDATE meta SET value = CAST(X'ff' AS TEXT)"):
                pass
            async with store.snapshot() as tx:
                with pytest.raises(StoreUnusable, match="is damaged"):
                    await tx.meta.get("a")


class TestReadOnly:
    async def test_is_told(self, path: Path) -> None:
        async with await SqlStore.open(path, pragmas={"query_only": "OFF"}) as store:
            assert store.name == str(path)
        with pytest.raises(StoreUnusable) as caught:
            await _write_with(path, {"query_only": "ON"})
        one_line(caught.value, str(path), "cannot be written", "write permission")


async def _write_with(path: Path, pragmas: dict[str, object]) -> None:
    async with (
        await SqlStore.open(path, pragmas=pragmas) as store,
        store.transaction() as tx,
    ):
        await tx.meta.put("a", "1")


class TestRefused:
    async def test_newer(self, path: Path) -> None:
        with other_program(path, "UPDATE alembic_version SET version_num = '9999'"):
            pass
        await refused(path, "newer Wingman (schema 9999)", "update Wingman")

    async def test_of_another_program(self, tmp_path: Path) -> None:
        path = tmp_path / "recipes.db"
        with other_program(path, "CREATE TABLE recipes (name TEXT)"):
            pass
        await refused(path, "another program", "WINGMAN_STATE_DIR")

    async def test_a_folder(self, tmp_path: Path) -> None:
        with pytest.raises(StoreUnusable) as caught:
            await SqlStore.open(tmp_path)
        one_line(caught.value, str(tmp_path), "it is not a file")

    async def test_a_folder_that_is_not_there(self, tmp_path: Path) -> None:
        path = tmp_path / "none" / "wingman.db"
        with pytest.raises(StoreUnusable) as caught:
            await SqlStore.open(path)
        one_line(caught.value, str(path), "No such file")
        assert not path.parent.exists()


class TestReplacedWhileOpen:
    @pytest.mark.parametrize("again", [False, True])
    async def test_nothing_is_written_to_a_file_nobody_will_find(
        self, path: Path, ledger: bytes, again: bool
    ) -> None:
        async with await SqlStore.open(path) as store:
            replace_by(path, ledger if again else None)
            with pytest.raises(StoreUnusable) as caught:
                async with store.transaction() as tx:
                    await tx.outbox.add(outbox_record())
            one_line(caught.value, str(path), "deleted or replaced", "start Wingman again")


def replace_by(path: Path, data: bytes | None) -> None:
    path.unlink()
    if data is not None:
        path.write_bytes(data)


class TestConflict:
    async def test_is_an_error_of_its_own(self, tmp_path: Path) -> None:
        async with temporary_store(tmp_path) as store:
            async with store.transaction() as tx:
                await tx.prompts.add(prompt_record("p1"))
            with pytest.raises(Conflict, match="prompts"):
                async with store.transaction() as tx:
                    await tx.prompts.add(prompt_record("p1"))

    async def test_a_state_nobody_knows_is_refused(self, path: Path) -> None:
        async with await SqlStore.open(path) as store, store.transaction() as tx:
            await tx.outbox.add(outbox_record())
            await tx.audit.append(NOW, "a", "b", "c", {})
        with (
            other_program(path) as other,
            pytest.raises(sqlite3.IntegrityError, match="outbox_state_known"),
        ):
            other.execute("UPDATE outbox SET state = 'lost'")


class OfPostgres(Exception):
    def __init__(self, sqlstate: str) -> None:
        super().__init__(f"error {sqlstate}\nDETAIL: more")
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("55P03", "locked by another program"),
        ("53100", "no room left"),
        ("25006", "cannot be written"),
        ("23505", "refused a row"),
        ("XX001", "is damaged"),
        ("08006", "cannot be opened"),
    ],
)
def test_postgresql_says_the_same(state: str, words: str) -> None:
    one_line(explain(OfPostgres(state), "db", 5), words)
