from bot.core.prompts import Role
from tests.support.world import World

ROWS = ((Role.ANSWER, "Red"), (Role.OTHER, "Something else"))
PLAN = ((Role.ALLOW_ONCE, "Yes"), (Role.FEEDBACK, "No, keep planning"))


async def test_a_question_is_answered_in_own_words(world: World) -> None:
    pane = world.session("shop")
    world.asks(pane, "question: Which colour?", rows=ROWS)
    code = (await world.card("Which colour?")).notice.code

    assert "no text to answer with" in (await world.hears(f"answer {code}")).text
    told = await world.hears(f"answer {code} a warm\ngreen")

    assert told.notice.title == "✓ Session 'shop' answered"
    assert pane.agent.done == [("other", "question: Which colour?", "a warm green")]


async def test_a_plan_is_sent_back_by_a_reply(world: World) -> None:
    pane = world.session("shop")
    world.asks(pane, "plan: rewrite it all", rows=PLAN)
    card = await world.card("rewrite it all")
    told = await world.hears("start with the tests", reply_to=card.ref)
    assert told.notice.title == "✓ Session 'shop' answered"
    assert pane.agent.done == [("feedback", "plan: rewrite it all", "start with the tests")]


async def test_an_approval_takes_no_words(world: World) -> None:
    pane = world.session("shop")
    world.asks(pane, "npm test")
    await world.card("npm test")
    told = await world.hears("answer shop maybe")
    assert told.notice.title == "✗ It takes no text of your own: choose one of its rows"
    assert pane.agent.keys == []
