from tests.support.world import World


async def test_what_waits_oldest_first_with_buttons(world: World) -> None:
    assert (await world.hears("pending")).notice.title == "Nothing waits for you ✨"
    world.asks(world.session("one"), "make a")
    first = (await world.card("make a")).notice.code
    pane = world.session("two")
    world.asks(pane, "echo " + "b" * 70)
    second = (await world.card("echo b")).notice.code

    shown = await world.hears("waiting")

    assert shown.notice.title == "2 waiting"
    rows = shown.notice.parts[0].text.splitlines()
    assert rows[0].startswith(f"{first} · one · approval · ")
    assert rows[1] == "    make a"
    assert rows[3].endswith("bbb…")
    assert shown.button(f"Show {second}") == "status two"
    assert all(not button.command.startswith("approve") for button in shown.notice.buttons)

    await world.phone.taps(shown, f"Deny {second}")
    await world.reply("✓ Session 'two' denied")
    assert (await world.hears("pending")).notice.title == "1 waiting"
