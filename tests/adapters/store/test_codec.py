"""Records as rows and back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from sqlalchemy import Table, create_engine, insert, select

from bot.adapters.store.codec import (
    canonical_json,
    from_json,
    from_milliseconds,
    from_row,
    to_json,
    to_milliseconds,
    to_row,
)
from bot.adapters.store.tables import (
    audit,
    cards,
    chat,
    inbox,
    metadata,
    outbox,
    pairing_codes,
    people,
    presses,
    prompts,
    reports,
    sessions,
    texts,
)
from bot.core.decisions import Decision, Verdict
from bot.core.records import (
    AuditRecord,
    Card,
    InboxRecord,
    OutboxRecord,
    PairingCode,
    Person,
    PressRecord,
    PromptRecord,
    Report,
    TextRecord,
)
from bot.core.sessions import Session
from bot.ports.chatlog import ChatMessage
from tests.support.ledger_rows import MOMENT, any_of, prompt_record

RECORDS: dict[type[Any], Table] = {
    Session: sessions,
    PromptRecord: prompts,
    PressRecord: presses,
    InboxRecord: inbox,
    OutboxRecord: outbox,
    Card: cards,
    Report: reports,
    TextRecord: texts,
    Person: people,
    PairingCode: pairing_codes,
    AuditRecord: audit,
    ChatMessage: chat,
}


@pytest.mark.parametrize(("kind", "table"), RECORDS.items(), ids=lambda value: str(value)[:40])
def test_any_record_comes_back_from_the_database(kind: type[Any], table: Table) -> None:
    engine = create_engine("sqlite://")
    metadata.create_all(engine)

    @settings(max_examples=30)
    @given(any_of(kind))
    def comes_back(record: Any) -> None:
        with engine.connect() as connection:
            connection.execute(insert(table).values(to_row(record)))
            row = connection.execute(select(table)).mappings().one()
            assert from_row(kind, row) == record

    try:
        comes_back()
    finally:
        engine.dispose()


@pytest.mark.parametrize(("kind", "table"), RECORDS.items(), ids=lambda value: str(value)[:40])
def test_each_field_has_its_column(kind: type[Any], table: Table) -> None:
    """A new field needs a column in tables.py and a migration."""

    @settings(max_examples=1)
    @given(any_of(kind))
    def has_columns(record: Any) -> None:
        own = {column.name for column in table.columns} - {"seq"}
        assert set(to_row(record)) - {"seq"} == own

    has_columns()


@given(MOMENT)
def test_milliseconds(moment: datetime) -> None:
    assert from_milliseconds(to_milliseconds(moment)) == moment


def test_a_part_of_a_millisecond_is_cut_off() -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    assert to_milliseconds(moment + timedelta(microseconds=999)) == to_milliseconds(moment)


def test_a_time_without_a_zone_is_a_mistake() -> None:
    with pytest.raises(TypeError):
        to_milliseconds(datetime(2026, 1, 1))  # noqa: DTZ001


def test_canonical_json_does_not_depend_on_the_order() -> None:
    assert canonical_json({"b": [1, None], "a": "ü"}) == canonical_json({"a": "ü", "b": [1, None]})


def test_a_newer_versions_field_is_dropped() -> None:
    text = '{"v":2,"value":{"verdict":"approve","mood":"fine"},"more":1}'
    assert from_json(Decision, text) == Decision(Verdict.APPROVE)
    assert to_json(Decision(Verdict.APPROVE)).startswith('{"v":1,')


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("prompt", "{"),
        ("prompt", "[]"),
        ("prompt", '{"v":1,"value":{"kind":"approval"}}'),
        ("prompt", None),
        ("state", "asleep"),
        ("epoch", "one"),
        ("opened_at", "yesterday"),
        ("opened_at", 10**30),
        ("decided_at", b"\x00"),
        ("code", 5),
        ("server_pid", None),
    ],
)
def test_a_damaged_row_is_a_value_error(column: str, value: object) -> None:
    row = to_row(prompt_record()) | {column: value}
    with pytest.raises(ValueError, match=r"."):
        from_row(PromptRecord, row)


def test_what_a_record_does_not_have_is_left() -> None:
    row = to_row(prompt_record()) | {"seq": 5, "later": "x"}
    assert from_row(PromptRecord, row) == prompt_record()
