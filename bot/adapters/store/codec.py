"""Records as rows and back.

A record's fields become columns of the same name; a pane and an inbound event are spread over
several. Times are whole milliseconds since 1970. Values with a structure of their own (prompt,
decision, notice) are JSON with a version, written in ASCII, so that NUL and lone surrogates in
an agent's output are stored as escapes that every database takes.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import types
import typing
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any, NewType, TypeVar

from bot.core.decisions import Inbound
from bot.core.ids import PaneId, PaneKey, ServerKey
from bot.core.wire_values import reader_of, to_plain

JSON_VERSION = 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)

T = TypeVar("T")


def to_milliseconds(at: datetime) -> int:
    return (at - _EPOCH) // _MILLISECOND


def from_milliseconds(milliseconds: int) -> datetime:
    if type(milliseconds) is not int:
        raise ValueError(f"a time expected, not {milliseconds!r}")
    try:
        return _EPOCH + milliseconds * _MILLISECOND
    except OverflowError as error:
        raise ValueError(f"no time: {milliseconds}") from error


def canonical_json(value: object) -> str:
    """The same text for the same value, whatever the order its keys came in."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"), sort_keys=True)


def to_row(record: object) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for slot in slots_of(typing.cast(Any, type(record))):
        row |= slot.encode(getattr(record, slot.field))
    return row


def from_row(kind: type[T], row: Mapping[Any, Any]) -> T:
    """Raises ValueError when the row is damaged. Columns the record does not have are left."""
    slots = slots_of(typing.cast(Any, kind))
    return kind(**{slot.field: slot.decode(row) for slot in slots})


@dataclasses.dataclass(frozen=True, slots=True)
class Slot:
    """One field of a record and the columns it lives in."""

    field: str
    encode: Callable[[Any], dict[str, Any]]
    decode: Callable[[Mapping[Any, Any]], Any]


@functools.cache
def slots_of(kind: Any) -> tuple[Slot, ...]:
    hints = typing.get_type_hints(kind)
    return tuple(_slot(field.name, hints[field.name]) for field in dataclasses.fields(kind))


def _slot(name: str, hint: Any) -> Slot:
    if hint in _SPREAD:
        return Slot(name, *_SPREAD[hint])
    optional = types.NoneType in typing.get_args(hint)
    (inner,) = _without_none(hint) if optional else (hint,)
    encode, decode = _one_column(inner)

    def to_column(value: Any) -> dict[str, Any]:
        return {name: None if value is None else encode(value)}

    def from_column(row: Mapping[Any, Any]) -> Any:
        return None if optional and row[name] is None else decode(row[name])

    return Slot(name, to_column, from_column)


def _without_none(hint: Any) -> tuple[Any, ...]:
    return tuple(a for a in typing.get_args(hint) if a is not types.NoneType)


def _one_column(hint: Any) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    if hint is datetime:
        return to_milliseconds, from_milliseconds
    if isinstance(hint, NewType) or hint in (str, int, bool):
        return lambda value: value, reader_of(hint)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return lambda value: value.value, hint
    return to_json, functools.partial(from_json, hint)


def to_json(value: object) -> str:
    return canonical_json({"v": JSON_VERSION, "value": to_plain(value)})


def from_json(kind: Any, text: object) -> Any:
    """Fields that a newer version added are dropped."""
    plain = json.loads(reader_of(str)(text))
    if not isinstance(plain, dict) or "value" not in plain:
        raise ValueError("no versioned value")
    return reader_of(kind)(plain["value"])


def pane_columns(pane: PaneKey) -> dict[str, Any]:
    return {
        "server_pid": pane.server.pid,
        "server_start": pane.server.start_time,
        "pane": pane.pane,
        "pane_pid": pane.pid,
    }


def _pane_of(row: Mapping[Any, Any]) -> PaneKey:
    whole, text = reader_of(int), reader_of(str)
    server = ServerKey(whole(row["server_pid"]), whole(row["server_start"]))
    return PaneKey(server, PaneId(text(row["pane"])), whole(row["pane_pid"]))


_SPREAD: dict[Any, tuple[Callable[[Any], dict[str, Any]], Callable[[Mapping[Any, Any]], Any]]] = {
    PaneKey: (pane_columns, _pane_of),
    Inbound: (to_row, functools.partial(from_row, Inbound)),
}
