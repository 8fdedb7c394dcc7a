"""Files sent to a gateway that is killed again and again: each is kept once and told once."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.decisions import InboundFile
from bot.core.ids import EventId
from bot.core.records import TextState
from bot.services.gateway import Services
from tests.simulation.world import Lives
from tests.support.faketmux import FakePane
from tests.support.virtual import virtual

MANY = 15


def unchanged(services: Services) -> None:
    return


async def _clears_drafts(lives: Lives, pane: FakePane) -> None:
    """A person at the terminal: a text that died half-way in the input box holds up all others."""
    before = pane.agent.draft
    await lives.world.passes(lives.rng.uniform(5, 10))
    if before and pane.agent.draft == before:
        pane.agent.draft = ""
        lives.tmux.wrote(pane)


async def _send_all(lives: Lives, pane: FakePane) -> None:
    for number in range(MANY):
        ref = f"ref-{number}"
        lives.phone.contents[ref] = ref.encode()
        photo = InboundFile(ref, "photo.jpg", 5, "image/jpeg")
        caption = f"tell shop look at {number}"
        await lives.deliver(caption, EventId(f"{number}"), files=(photo,))
        await _clears_drafts(lives, pane)


@pytest.mark.parametrize("seed", range(3))
@virtual
async def test_killed_at_any_point_each_file_is_kept_once_and_told_at_most_once(
    tmp_path: Path, seed: int
) -> None:
    lives = Lives(tmp_path, seed, None, unchanged, longest=40)
    pane = lives.tmux.add("shop")
    async with lives.going_on():
        await lives.world.passes(60)
        await _send_all(lives, pane)
        lives.immortal = True
        for _ in range(3):
            await _clears_drafts(lives, pane)
        await lives.world.passes(60)
        async with lives.world.store.snapshot() as tx:
            texts = await tx.texts.in_states(frozenset(TextState))

    assert lives.kills > 5
    assert sorted(lives.shelf.files.values()) == sorted(lives.phone.contents.values())
    assert len({text.text for text in texts}) == len(texts) == MANY
    for path in lives.shelf.files:
        assert "\n".join(pane.agent.said).count(path) <= 1
    delivered = sum(text.state is TextState.DELIVERED for text in texts)
    assert delivered > MANY // 2
