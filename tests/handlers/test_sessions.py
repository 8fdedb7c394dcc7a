import re

import pytest

from bot.core.lifecycle import Phase
from tests.support.toy import ToyAgent
from tests.support.world import World


async def test_a_table_that_a_phone_can_show(world: World) -> None:
    world.session("shop", ToyAgent(busy=True))
    world.session("a-session-with-a-rather-long-name")
    world.asks(world.session("vsr-bugfix"), "npm run build")
    await world.card("npm run build")
    await world.known("shop", "a-session-with-a-rather-long-name", "vsr-bugfix")

    shown = await world.hears("sessions")

    assert shown.notice.title == "3 sessions"
    table, totals, time = (part.text for part in shown.notice.parts)
    rows = table.splitlines()
    assert [row.split(" · ")[0] for row in rows[:3]] == [
        "1. 🔒 vsr-bugfix",
        "2. ● shop",
        "3. ○ a-session-with-a-rather-long-name",
    ]
    assert all("shop · " in row for row in (rows[0], rows[1], rows[3]))
    assert max(map(len, rows)) <= 40
    assert totals == "1 waiting · 1 working · 1 idle"
    assert re.fullmatch(r"as of \d\d:\d\d", time)
    assert shown.button("🔒 vsr-bugfix") == "status vsr-bugfix"


@pytest.mark.parametrize(
    "words", ["status", "/dashboard", "LIST", "show me the dashboard", "Show sessions."]
)
async def test_other_words_for_it(world: World, words: str) -> None:
    world.session("shop")
    await world.known("shop")
    assert (await world.hears(words)).notice.title == "1 session"


async def test_nothing_there_says_how_to_begin(world: World) -> None:
    shown = await world.hears("sessions")
    assert shown.notice.title == "No sessions yet"
    assert "start NAME in DIR: task" in shown.text


async def test_one_in_detail(world: World) -> None:
    world.session("shop", ToyAgent(busy=True, said=[":::PROGRESS:50:::"]))
    await world.soon(
        lambda: any(s.signals and s.phase is Phase.WORKING for s in world.services.roster.all()),
        "a reported signal",
    )

    shown = await world.hears("status sh")

    assert shown.notice.title == "Session 'shop'"
    facts = dict(line.split(": ", 1) for line in shown.notice.parts[0].text.splitlines())
    assert facts["Agent"] == "toy"
    assert facts["State"].startswith("working for ")
    assert facts["Started"].endswith(" ago (found)")
    assert facts["Last activity"].endswith(" ago")
    assert facts["Directory"] == "/home/dev/shop"
    assert facts["Progress"] == "50 %"
    assert facts["Doing"] == "working… esc to interrupt"
    assert facts["Attach"] == "tmux attach -t =shop"
    assert [button.command for button in shown.notice.buttons] == [
        "peek shop",
        "screen shop",
        "diff shop",
    ]
    assert "reply to this" in shown.text


@pytest.mark.parametrize(
    "words", ["how's shop going?", "How\u2019s shop doing", "how is SHOP going?", "status 1"]
)
async def test_the_open_prompt_is_shown_with_its_buttons(world: World, words: str) -> None:
    world.asks(world.session("shop"), "npm run build")
    code = (await world.card("npm run build")).notice.code
    await world.hears("sessions")

    shown = await world.hears(words)

    assert shown.notice.title == "Session 'shop'"
    assert "🔒 Session 'shop' needs approval" in shown.text
    assert "npm run build" in shown.text
    assert shown.button("Approve") == f"approve {code}"


async def test_how_the_last_prompt_ended(world: World) -> None:
    world.asks(world.session("shop"), "npm run build")
    card = await world.card("npm run build")
    await world.hears("status", reply_to=card.ref)
    await world.hears("approve shop")
    shown = await world.hears("status shop")
    assert "Last prompt: ✓ Session 'shop' approved (once)" in shown.text


async def test_a_name_that_is_not_there(world: World) -> None:
    world.session("shop")
    await world.known("shop")
    told = await world.hears("status hotel")
    assert told.notice.title == "✗ There is no session 'hotel' (there are: shop)"
