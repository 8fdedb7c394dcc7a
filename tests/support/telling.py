"""A session that is told something, and what it was told."""

from __future__ import annotations

from tests.support.faketmux import FakePane
from tests.support.toy import ToyAgent
from tests.support.world import World


async def session(world: World, **state: object) -> FakePane:
    pane = world.session("shop", ToyAgent(**state))  # type: ignore[arg-type]
    await world.known("shop")
    return pane


def said(pane: FakePane) -> list[str]:
    return [line for line in pane.agent.said if line.startswith("user: ")]
