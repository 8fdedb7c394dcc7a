"""The channel's own promises; what it does is tried in ``tests/channels/test_telegram.py``."""

from __future__ import annotations

import pytest

from bot.core.decisions import InboundFile
from bot.ports.channel import Rejected
from tests.channels._telegram.phone import Rig
from tests.support.botapi.server import FakeBotApi


async def test_a_file_that_bots_do_not_get_is_not_asked_for() -> None:
    rig = Rig(FakeBotApi())
    with pytest.raises(Rejected, match="up to 20 MB"):
        await rig.channel.fetch(InboundFile("ref", "film.mp4", 21 * 2**20, "video/mp4"))


async def test_what_is_posted_before_it_runs_is_to_come_again() -> None:
    rig = Rig(FakeBotApi(), mode="webhook")
    (hook,) = rig.channel.webhooks
    assert await hook.handle({}, b"{}") == 503


def test_in_a_forum_everybody_is_told_in_the_group() -> None:
    rig = Rig(FakeBotApi(), layout="forum", group=-100123, group_approvals=True)
    assert rig.channel.gathering == "-100123"
    assert set(rig.channel.allowed.values()) == {"-100123"}
