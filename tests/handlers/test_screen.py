from tests.support.files import PNG
from tests.support.toy import ToyAgent
from tests.support.world import World


async def test_a_picture_of_what_is_on_it_now(world: World) -> None:
    world.session("shop", ToyAgent(said=["hello"]))
    await world.known("shop")
    shown = await world.hears("screen shop")
    assert shown.notice.title == "Screen of 'shop'"
    (file,) = shown.notice.attachments
    assert (file.name, file.mime, file.data) == ("shop.png", "image/png", PNG)
    assert shown.button("As text") == "peek shop"
    ((screen, kind),) = world.painter.painted
    assert kind == "png"
    assert screen.ansi is not None
    assert "hello" in "\n".join(screen.ansi)


async def test_which_session_and_nothing_after_it(world: World) -> None:
    world.session("shop")
    world.session("shopping")
    await world.known("shop", "shopping")
    assert (await world.hears("screen")).notice.title == "✗ Which session? screen NAME"
    assert (await world.hears("screen sho")).notice.title.startswith("Which one?")
    told = await world.hears("screen shop in colour")
    assert "I don't understand “in colour” there" in told.notice.title
    assert world.painter.painted == []


async def test_a_session_whose_pane_is_gone(world: World) -> None:
    pane = world.session("shop")
    await world.known("shop")
    world.tmux.remove(pane)
    told = await world.hears("screen shop")
    assert told.notice.title == "✗ The pane of session 'shop' is gone"
