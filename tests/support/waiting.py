"""Waiting for real things: the only place where a test spends time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from inspect import isawaitable
from typing import TypeVar, overload

from bot.adapters.clock import SystemClock

T = TypeVar("T")


@overload
async def until(
    look: Callable[[], Awaitable[T]], within: float = ..., every: float = ...
) -> T: ...


@overload
async def until(look: Callable[[], T], within: float = ..., every: float = ...) -> T: ...


async def until(look: Callable[[], object], within: float = 30.0, every: float = 0.01) -> object:
    """Looks again and again until it sees something true, and returns that."""
    clock = SystemClock()
    deadline = clock.monotonic() + within
    while True:
        seen = look()
        value = await seen if isawaitable(seen) else seen
        if value:
            return value
        if clock.monotonic() >= deadline:
            raise AssertionError(f"not seen within {within} s; last seen: {value!r}")
        await clock.sleep(every)


async def spend(seconds: float) -> None:
    """For tests that nothing happens meanwhile."""
    await SystemClock().sleep(seconds)
