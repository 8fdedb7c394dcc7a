"""Text in which any Python string comes back, and tables that PostgreSQL takes as well."""

import pytest
from hypothesis import given
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from bot.adapters.store.tables import escape, metadata, unescape
from tests.support.ledger_rows import TEXT


@given(TEXT)
def test_any_text_comes_back(text: str) -> None:
    stored = escape(text)
    assert unescape(stored) == text
    assert "\x00" not in stored
    stored.encode()


@pytest.mark.parametrize("text", ["", "plain ü ✓ 🙂", "C:\\new \\u0000", "\x1b[31m"])
def test_what_can_be_stored_is_stored_as_it_is(text: str) -> None:
    assert escape(text) == text


@pytest.mark.parametrize("text", ["\x1a", "a\x1a0", "\x1a\x1a", "\x1ad800", "\x00\x1a\ud800"])
def test_the_mark_itself_comes_back(text: str) -> None:
    assert unescape(escape(text)) == text


def test_two_texts_are_never_stored_alike() -> None:
    texts = ["\x00", "\x1a0", "0", "\ud800", "\x1ad800", "d800", "\x1a", "\x1a\x1a"]
    assert len({escape(text) for text in texts}) == len(texts)


def test_postgresql_has_a_form_of_every_table() -> None:
    dialect = postgresql.asyncpg.dialect()  # type: ignore[no-untyped-call]
    for table in metadata.sorted_tables:
        assert "CREATE TABLE" in str(CreateTable(table).compile(dialect=dialect))
        for index in table.indexes:
            assert "INDEX" in str(CreateIndex(index).compile(dialect=dialect))
