from pathlib import Path

import pytest

from bot.core.errors import Refused
from handlers.start import parse
from tests.support.toy import ToyAgent
from tests.support.world import World

SHAPES = [
    ("api in ~/work/api: fix the tests", ("api", "~/work/api", "fix the tests")),
    ("api ~/work/api fix the tests", ("api", "~/work/api", "fix the tests")),
    ("api ~/work/api: fix it", ("api", "~/work/api", "fix it")),
    ("api: In ~/work/api : fix\nit", ("api", "~/work/api", "fix\nit")),
    ("api in ~/work/api:", ("api", "~/work/api", "")),
    ("api in ~/work/api", ("api", "~/work/api", "")),
    ("api in '~/my work/api': fix it", ("api", "~/my work/api", "fix it")),
    ('api "~/my work/api" fix it', ("api", "~/my work/api", "fix it")),
    ("api in ~/a:b: fix it", ("api", "~/a:b", "fix it")),
    ("work on the login in the app in ~/shop.", ("shop", "~/shop", "the login in the app")),
    ("working on login in ~/my.shop/", ("my-shop", "~/my.shop/", "login")),
]


@pytest.mark.parametrize(("words", "meant"), SHAPES, ids=[words for words, _ in SHAPES])
def test_shapes(words: str, meant: tuple[str, str, str]) -> None:
    request, task = parse(words)
    assert (request.name, request.directory, task) == meant


async def test_alone_it_is_a_greeting(world: World) -> None:
    told = await world.hears("/start")
    assert told.notice.title == "✓ Wingman is here"
    assert [button.command for button in told.notice.buttons] == ["sessions", "pending", "help"]
    assert not world.tmux.panes_by_id


@pytest.mark.parametrize("words", ["", "api", "api in"])
def test_without_a_directory_it_says_what_it_needs(words: str) -> None:
    with pytest.raises(Refused, match=r"^I need a name and a directory: start NAME in DIR: task$"):
        parse(words)


def typed_in(world: World, name: str) -> list[bytes]:
    """The keys that the agent of that session got."""
    for pane in world.tmux.panes_by_id.values():
        if pane.session == name:
            return pane.agent.keys
    return []


async def test_a_session_with_its_task(world: World, tmp_path: Path) -> None:
    told = await world.hears(f"start vsr-bugfix in {tmp_path}: fix the parser")

    assert told.notice.title == "✅ Session: vsr-bugfix"
    assert told.notice.parts[0].text == f"📂 Directory: {tmp_path}\n🎯 Task: fix the parser"
    assert told.notice.parts[-1].text == "tmux attach -t =vsr-bugfix"
    assert typed_in(world, "vsr-bugfix") == [b"fix the parser", b"\r"]
    assert "Task: fix the parser" in (await world.hears("status vsr")).text


async def test_a_plain_sentence(world: World, tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    told = await world.hears(f"Start work on the login in {tmp_path}/shop")
    assert told.notice.title == "✅ Session: shop"
    assert typed_in(world, "shop") == [b"the login", b"\r"]


async def test_the_one_that_is_there_gets_the_task(world: World, tmp_path: Path) -> None:
    pane = world.session("shop")
    await world.known("shop")

    told = await world.hears(f"start SHOP in {tmp_path}: fix the parser")
    assert told.notice.title == "✓ Delivered to 'shop'"
    assert told.notice.parts[-1].text == "📂 Directory: /home/dev/shop"
    assert pane.agent.keys == [b"fix the parser", b"\r"]
    assert len(world.tmux.panes_by_id) == 1

    told = await world.hears(f"start shop in {tmp_path}")
    assert told.notice.title == "Session 'shop' is there already"


async def test_an_agent_that_asks_first_gets_its_task_after_that(
    world: World, tmp_path: Path
) -> None:
    agent = ToyAgent()
    agent.ask("trust this folder")
    world.tmux.spawns = lambda: agent

    told = await world.hears(f"start shop in {tmp_path}: fix the parser")
    assert "It asks something first (see the card)" in told.text
    assert agent.keys == []

    await world.card("trust this folder")
    await world.hears("approve shop")
    await world.reply("✓ Delivered to 'shop'")
    assert agent.keys == [b"\r", b"fix the parser", b"\r"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("start shop in /nowhere/at/all: x", "✗ There is no directory /nowhere/at/all"),
        ("start a.b in /: x", "✗ 'a.b' can't be a session's name"),
        ("start api", "✗ I need a name and a directory: start NAME in DIR: task"),
    ],
)
async def test_what_can_not_be_started(world: World, words: str, said: str) -> None:
    assert (await world.hears(words)).notice.title.startswith(said)
    assert world.tmux.panes_by_id == {}


async def test_a_pairing_code_of_yesterday(world: World) -> None:
    told = await world.hears("/start aB3_xyz-9876QwEr")
    assert told.notice.title.startswith("✗ If that is a pairing code, it is used up or too old")
    assert "I need a name" in (await world.hears("start shop")).notice.title
    assert "I need a name" in (await world.hears("start abcdefghijklmnop")).notice.title
