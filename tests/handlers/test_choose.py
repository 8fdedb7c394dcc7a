from bot.core.prompts import Role
from tests.support.world import World

COLOURS = ((Role.ANSWER, "Red"), (Role.ANSWER, "Blue"), (Role.OTHER, "Something else"))
BOXES = (
    (Role.ANSWER, "[ ] Unit"),
    (Role.ANSWER, "[ ] End to end"),
    (Role.ANSWER, "[ ] Load"),
    (Role.SUBMIT, "Submit"),
)


async def test_a_row_by_its_number(world: World) -> None:
    pane = world.session("shop")
    world.asks(pane, "question: Which colour?", rows=COLOURS)
    code = (await world.card("Which colour?")).notice.code

    assert (
        "there is no row 7: rows are 1 to 3"
        in (await world.hears(f"choose {code} 7")).text.lower()
    )
    assert pane.agent.keys == []
    told = await world.hears(f"choose {code} 2")

    assert told.notice.title == "✓ Session 'shop' answered: Blue"
    assert pane.agent.done == [("answer", "question: Which colour?", "Blue")]


async def test_several_rows(world: World) -> None:
    pane = world.session("shop")
    world.asks(pane, "question: Which tests?", rows=BOXES)
    code = (await world.card("Which tests?")).notice.code
    told = await world.hears(f"choose {code} 1,3")
    assert told.notice.title == "✓ Session 'shop' answered: Unit, Load"
    assert pane.agent.done == [("submit", "question: Which tests?", "Unit, Load")]


async def test_a_number_alone_answers_the_card_it_replies_to(world: World) -> None:
    pane = world.session("shop")
    world.asks(pane, "question: Which colour?", rows=COLOURS)
    card = await world.card("Which colour?")
    told = await world.hears("1", reply_to=card.ref)
    assert told.notice.title == "✓ Session 'shop' answered: Red"
    assert pane.agent.done == [("answer", "question: Which colour?", "Red")]


async def test_the_button_of_a_question_is_no_free_text(world: World) -> None:
    pane = world.session("shop")
    world.asks(pane, "question: Which colour?", rows=COLOURS)
    card = await world.card("Which colour?")
    await world.hears(card.button("Blue"), reply_to=card.ref)
    assert pane.agent.done == [("answer", "question: Which colour?", "Blue")]


async def test_which_row_is_never_guessed(world: World) -> None:
    pane = world.session("shop")
    world.asks(pane, "question: Which colour?", rows=COLOURS)
    card = await world.card("Which colour?")
    for words in ("", "red", "1 or 2"):
        told = await world.hears(f"choose {card.notice.code} {words}")
        assert told.notice.title.startswith("✗ Which row? choose CODE N")
    assert pane.agent.keys == []
