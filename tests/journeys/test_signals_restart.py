"""What happens to a pane while no gateway runs: told once when it is back, and nothing twice."""

from __future__ import annotations

from collections import Counter
from itertools import count
from pathlib import Path

import pytest

from tests.journeys.test_signals import ENOUGH, Shell
from tests.support.home import Home
from tests.support.waiting import spend, until

pytestmark = [pytest.mark.tmux, pytest.mark.timeout(120)]

_NUMBERS = count()
LONG = f"{'long words ' * 12}end"


async def away(shop: Shell) -> None:
    """What is just being sent then would be sent again."""
    await shop.rests()
    shop.home.gateway.kill()


async def writes(shop: Shell, line: str) -> None:
    """Typed into a shell that nobody watches, and carried out."""
    done = f"done-{next(_NUMBERS)}"
    shop.types(f"{line}; echo {done[:2]}'{done[2:]}'")
    await until(lambda: done in shop.screen(), within=20)


async def test_resized_while_nobody_looked(home: Home) -> None:
    shop = Shell(home)
    await shop.begins()
    await shop.tells(r"printf ':::DONE:scrolled off:::\n'", "scrolled off")
    await writes(shop, "seq 60")
    await shop.tells(f"printf ':::ERROR:%s:::\\n' '{LONG}'", LONG)
    for size in (("-x", "33", "-y", "50"), ("-x", "41", "-y", "9")):
        await away(shop)
        shop.resize(*size)
        await spend(0.3)
        await writes(shop, rf"printf ':::DONE:at {size[1]}:::\n'")
        await home.gateway.up()
        await shop.hears(f"at {size[1]}")
    await away(shop)
    shop.resize("-x", "70", "-y", "60")
    await home.gateway.up()
    await shop.rests()


async def test_scrolled_away_while_nobody_looked(home: Home, tmp_path: Path) -> None:
    shop, shown = Shell(home), tmp_path / "shown.md"
    shown.write_text(":::DONE:in a file:::\n" * 70)
    await shop.begins()
    await shop.tells(r"printf ':::DONE:built:::\n'", "built")
    await away(shop)
    await writes(shop, r"printf ':::DONE:built:::\n'; seq 300")
    await writes(shop, rf"printf ':::HELP:%s:::\n' '{LONG}'; seq 300")
    await writes(shop, f"cat {shown}")
    await writes(shop, r"printf ':::DONE:built:::\n'; seq 100")
    shop.resize("-x", "44", "-y", "30")
    await home.gateway.up()
    shop.expected += Counter({"built": 2, LONG: 1})
    await until(lambda: shop.told() == shop.expected, within=15)
    await shop.rests()


async def test_what_was_dropped_meanwhile_is_not_made_up(home: Home) -> None:
    shop = Shell(home)
    await shop.begins()
    await shop.tells(r"printf ':::DONE:built:::\n'", "built")
    await away(shop)
    await writes(shop, "seq 9000")
    await writes(shop, r"printf ':::DONE:shown at last:::\n'")
    await home.gateway.up()
    await shop.hears("shown at last")
    await shop.rests()
    assert "eyes.place_lost" in home.gateway.log.read_text()


async def test_a_dialog_that_is_drawn_at_another_width_is_the_same(home: Home) -> None:
    words = "make " + " ".join(f"target-{n}" for n in range(20))
    home.crew.hire("shop", {"bash": words, "id": "make", "about": "Make it all"})
    card = await home.ann.chat.shows("target-19", within=30)
    await spend(ENOUGH)  # what is just being sent would be sent again
    home.gateway.kill()
    home.crew.tmux("resize-window", "-t", "shop", "-x", "64", "-y", "50")
    await spend(0.5)
    await home.gateway.up()
    await spend(2)
    assert len(await home.gateway.get("/api/prompts")) == 1
    assert [m.id for m in home.ann.chat.from_bot if "target-19" in m.text] == [card.id]
    await home.ann.taps(card, "Approve")
    await until(lambda: home.of("make") == ["allowed"], within=20)
