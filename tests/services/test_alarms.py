"""A channel's trouble is heard on the others, once."""

from __future__ import annotations

from pathlib import Path

from structlog.testing import capture_logs

from tests.support.phone import FakePhone
from tests.support.virtual import virtual
from tests.support.world import World, running

CONFLICT = "Telegram: another program uses this bot's token"


@virtual
async def test_the_others_and_the_log_are_told_once(tmp_path: Path) -> None:
    other = FakePhone("other")
    async with running(World(tmp_path, more_channels=(other,))) as world:
        with capture_logs() as logs:
            for _ in range(3):
                await world.phone.raises("conflict", CONFLICT)
            await world.passes(5)
        assert other.titles() == [CONFLICT]
        assert world.phone.titles() == []
        errors = [entry["reason"] for entry in logs if entry["log_level"] == "error"]
        assert errors == [CONFLICT]


@virtual
async def test_it_is_told_again_after_it_was_over(tmp_path: Path) -> None:
    other = FakePhone("other")
    async with running(World(tmp_path, more_channels=(other,))) as world:
        for text in (CONFLICT, "", "", CONFLICT):
            await world.phone.raises("conflict", text)
            await world.passes(1)
        await world.phone.raises("revoked", "Telegram: the token is not valid any more")
        await world.passes(5)
        assert len(other.titles()) == 3


@virtual
async def test_a_restart_does_not_tell_it_again(tmp_path: Path) -> None:
    other = FakePhone("other")
    world = World(tmp_path, more_channels=(other,))
    for _ in range(2):
        async with running(world):
            await world.phone.raises("conflict", CONFLICT)
            await world.passes(5)
    assert other.titles() == [CONFLICT]
