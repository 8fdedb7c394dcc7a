import pytest

from tests.support.toy import ToyAgent
from tests.support.world import World


@pytest.mark.parametrize(
    ("words", "rows"), [("peek shop", 5), ("/peek sh 2", 2), ("peek 1 -n 3", 3)]
)
async def test_the_last_rows_of_the_screen(world: World, words: str, rows: int) -> None:
    world.session("shop", ToyAgent(said=[f"line {n}" for n in range(4)]))
    await world.known("shop")
    await world.hears("sessions")
    shown = await world.hears(words)
    assert shown.notice.title == "Screen of 'shop'"
    text = shown.notice.parts[0].text
    assert text.splitlines()[-1] == ">"
    assert len(text.splitlines()) == rows


async def test_what_hides_is_written_out(world: World) -> None:
    world.session("shop", ToyAgent(said=["rm -rf /\u202e# harmless"]))
    await world.known("shop")
    assert "⟨U+202E⟩" in (await world.hears("peek shop")).text


async def test_a_reply_to_a_card_and_wrong_numbers(world: World) -> None:
    world.asks(world.session("shop"), "npm run build")
    card = await world.card("npm run build")
    assert (await world.hears("peek 2", reply_to=card.ref)).notice.title == "Screen of 'shop'"
    for words in ("peek shop 0", "peek shop 501", "peek shop all"):
        told = await world.hears(words)
        assert told.notice.title == "✗ How many lines? peek NAME [1 to 500]"
    assert (await world.hears("peek")).notice.title == "✗ Which session? peek NAME [lines]"


async def test_what_is_empty_is_not_scrolled_through(world: World) -> None:
    world.session("shop", ToyAgent(said=["top", *[" "] * 9, "middle", "", "end"]))
    await world.known("shop")
    text = (await world.hears("peek shop")).notice.parts[0].text
    assert text.splitlines()[:4] == ["top", "", "middle", ""]


async def test_a_rule_is_no_wider_than_a_phone(world: World) -> None:
    world.session("shop", ToyAgent(said=["─" * 80, "x" * 60, f"| {'-' * 9} |"]))
    await world.known("shop")
    text = (await world.hears("peek shop")).notice.parts[0].text
    assert text.splitlines()[:3] == ["─" * 30, "x" * 60, f"| {'-' * 9} |"]
