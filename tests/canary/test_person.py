"""The person of a trial, against the gateway's own web layer."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.adapters.clock import SystemClock
from bot.canary.person import NotSeen, Person
from tests.support.gateway import Gateway


async def test_a_gateway_that_is_not_there_is_not_up(tmp_path: Path) -> None:
    person = Person(tmp_path / "none.sock", SystemClock())
    try:
        assert not await person.is_up()
    finally:
        await person.close()


async def test_what_the_gateway_refuses_is_said_in_its_own_words(tmp_path: Path) -> None:
    socket = tmp_path / "wingman.sock"
    async with Gateway(socket=socket).running():
        person = Person(socket, SystemClock())
        try:
            assert await person.is_up()
            assert await person.prompt_of("nobody") is None
            assert not await person.rests("nobody")
            with pytest.raises(NotSeen, match="k3f9"):
                await person.decides("k3f9", {"decision": "approve"})
        finally:
            await person.close()


async def test_what_does_not_come_in_time_is_not_seen(tmp_path: Path) -> None:
    person = Person(tmp_path / "none.sock", SystemClock())
    looked = 0

    async def look() -> bool:
        nonlocal looked
        looked += 1
        return looked == 3

    try:
        assert await person.waits_for(look, "third time", within=5)
        with pytest.raises(NotSeen, match=r"never within 0\.05 s"):
            await person.waits_for(look, "never", within=0.05)
    finally:
        await person.close()
