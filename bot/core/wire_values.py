"""Dataclasses as plain JSON values and back, by their own annotations.

Reading is tolerant where versions may differ (unknown fields are dropped, missing ones take their
default) and strict where something is damaged (a wrong type raises ValueError).
"""

from __future__ import annotations

import base64
import dataclasses
import functools
import types
import typing
from collections.abc import Callable
from enum import Enum
from typing import Any, NewType, TypeVar

Reader = Callable[[Any], Any]
T = TypeVar("T")


def to_plain(value: object) -> Any:
    """Only what JSON knows: enums by value, dataclasses as objects, tuples as lists, bytes as
    base64."""
    if isinstance(value, Enum):
        return value.value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, tuple | list):
        return [to_plain(item) for item in value]
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(f"{type(value).__name__} has no plain form")


def from_plain(kind: type[T], plain: object) -> T:
    """Raises ValueError when ``plain`` cannot be a ``kind``."""
    return typing.cast(T, reader_of(typing.cast(Any, kind))(plain))


@functools.cache
def reader_of(kind: Any) -> Reader:
    """What turns a plain value into ``kind``: a dataclass, enum, str, int, float, bool, bytes,
    NewType, tuple, or one of these or None."""
    if isinstance(kind, NewType):
        return reader_of(kind.__supertype__)
    if kind in (str, int, float, bool, types.NoneType):
        return functools.partial(_exactly, kind)
    if kind is bytes:
        return _bytes
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    if dataclasses.is_dataclass(kind):
        return _dataclass_reader(kind)
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType) and types.NoneType in arguments:
        (other,) = (argument for argument in arguments if argument is not types.NoneType)
        inner = reader_of(other)
        return lambda plain: None if plain is None else inner(plain)
    if origin is tuple:
        return _tuple_reader(arguments)
    raise TypeError(f"{kind} has no plain form")


def _exactly(kind: type, plain: object) -> object:
    if type(plain) is not kind:
        raise ValueError(f"{kind.__name__} expected, not {type(plain).__name__}")
    return plain


def _bytes(plain: object) -> bytes:
    if not isinstance(plain, str):
        raise ValueError(f"base64 expected, not {type(plain).__name__}")
    return base64.b64decode(plain, validate=True)


def _tuple_reader(arguments: tuple[Any, ...]) -> Reader:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        item = reader_of(arguments[0])
        return lambda plain: tuple(item(value) for value in _exactly_list(plain))
    items = [reader_of(argument) for argument in arguments]
    return lambda plain: tuple(
        read(value) for read, value in zip(items, _exactly_list(plain), strict=True)
    )


def _exactly_list(plain: object) -> list[Any]:
    if not isinstance(plain, list):
        raise ValueError(f"a list expected, not {type(plain).__name__}")
    return plain


def _dataclass_reader(kind: Any) -> Reader:
    hints = typing.get_type_hints(kind)
    readers = {field.name: reader_of(hints[field.name]) for field in dataclasses.fields(kind)}

    def read(plain: object) -> Any:
        if not isinstance(plain, dict):
            raise ValueError(f"{kind.__name__}: an object expected, not {type(plain).__name__}")
        try:
            return kind(**{n: reader(plain[n]) for n, reader in readers.items() if n in plain})
        except TypeError as error:
            raise ValueError(f"{kind.__name__}: {error}") from error

    return read
