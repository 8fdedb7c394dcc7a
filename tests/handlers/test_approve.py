import pytest

from bot.core.prompts import Role
from tests.support.world import World


async def waiting(world: World, name: str, subject: str) -> str:
    """The code of a new prompt in that session."""
    world.asks(world.session(name), subject)
    return (await world.card(subject)).notice.code


async def test_a_name_is_approved_and_the_subject_said_again(world: World) -> None:
    pane = world.session("vsr-bugfix")
    world.asks(pane, "npm run build")
    await world.card("npm run build")

    told = await world.hears("approve vsr-bugfix")

    assert told.notice.title == "✓ Session 'vsr-bugfix' approved (once)"
    assert [part.text for part in told.notice.parts] == ["npm run build"]
    assert pane.agent.done == [("allow_once", "npm run build", "")]


@pytest.mark.parametrize(
    "words", ["/approve vsr", "APPROVE VSR-bugfix", "/Approve@wingman_bot vsr-bugfix", "yes vsr"]
)
async def test_ways_to_say_it(world: World, words: str) -> None:
    await waiting(world, "vsr-bugfix", "npm run build")
    told = await world.hears(words)
    assert told.notice.title == "✓ Session 'vsr-bugfix' approved (once)"


async def test_a_code_or_a_number_of_the_last_list(world: World) -> None:
    code = await waiting(world, "one", "make a")
    await waiting(world, "two", "make b")
    await world.hears("sessions")

    assert "'two' approved" in (await world.hears("approve 2")).text
    assert "'one' approved" in (await world.hears(f"approve {code.upper()}")).text


async def test_what_fits_two_sessions_is_asked_back(world: World) -> None:
    one, two = world.session("shop-web"), world.session("shop-api")
    world.asks(one, "make a")
    world.asks(two, "make b")
    await world.card("make a")
    await world.card("make b")

    asked = await world.hears("approve shop")
    assert asked.notice.title == "Which one? Nothing was done."
    assert {button.command for button in asked.notice.buttons} == {
        "approve shop-web",
        "approve shop-api",
    }
    assert (one.agent.keys, two.agent.keys) == ([], [])

    await world.phone.taps(asked, "shop-web")
    await world.reply("✓ Session 'shop-web' approved (once)")
    assert (one.agent.keys, two.agent.keys) == ([b"\r"], [])


async def test_without_a_name_it_is_asked_back_even_for_one(world: World) -> None:
    code = await waiting(world, "shop", "make a")
    asked = await world.hears("approve")
    assert asked.notice.title == "Which one? 1 waits. Nothing was done."
    assert asked.button("shop") == f"approve {code}"


async def test_what_waits_nowhere_is_said(world: World) -> None:
    world.session("shop")
    await world.known("shop")
    assert (await world.hears("approve")).notice.title == "✗ Nothing waits for an answer"
    told = await world.hears("approve shop")
    assert told.notice.title == "✗ Nothing waits in session 'shop' (it is idle)"
    told = await world.hears("approve hotel")
    assert told.notice.title == "✗ There is no session 'hotel' (there are: shop)"


async def test_why_not_with_the_current_prompt(world: World) -> None:
    pane = world.session("shop")
    world.asks(pane, "make a")
    old = (await world.card("make a")).notice.code
    await world.hears("approve shop")
    world.asks(pane, "make b")
    current = await world.card("make b")

    told = await world.hears(f"approve {old}")

    assert told.notice.title == f"Nothing pressed: {old} is settled already"
    assert "It shows this now:" in told.text
    assert "make b" in told.text
    assert told.button("Approve") == f"approve {current.notice.code}"
    assert len(pane.agent.done) == 1


async def test_a_prompt_without_such_a_row_is_not_answered(world: World) -> None:
    pane = world.session("shop")
    world.asks(pane, "question: which colour?", rows=((Role.ANSWER, "Red"), (Role.ANSWER, "Blue")))
    await world.card("which colour?")
    told = await world.hears("approve shop")
    assert told.notice.title == "✗ It is a question: choose one of its answers"
    assert pane.agent.keys == []


async def test_a_condition_is_no_approval(world: World) -> None:
    pane = world.session("shop")
    world.asks(pane, "make a")
    card = await world.card("make a")

    told = await world.hears("approve shop but only the first")
    assert "I don't understand “but only the first” there, so nothing was done" in told.text
    asked = await world.hears("yes, but only the first", reply_to=card.ref)
    assert "with this reason?" in asked.notice.title
    assert pane.agent.keys == []


@pytest.mark.parametrize("words", ["yes", "Yes.", "OK", "/approve", "approve shop"])
async def test_a_reply_to_the_card_needs_no_name(world: World, words: str) -> None:
    pane = world.session("shop")
    world.asks(pane, "make a")
    card = await world.card("make a")
    told = await world.hears(words, reply_to=card.ref)
    assert told.notice.title == "✓ Session 'shop' approved (once)"
    assert pane.agent.keys == [b"\r"]


async def test_a_reply_to_an_old_card_never_means_the_new_prompt(world: World) -> None:
    pane = world.session("shop")
    world.asks(pane, "make a")
    old = await world.card("make a")
    await world.hears("approve shop")
    world.asks(pane, "make b")
    await world.card("make b")

    told = await world.hears("approve shop", reply_to=old.ref)

    assert "settled already" in told.notice.title
    assert len(pane.agent.done) == 1


async def test_a_code_that_was_forgotten(world: World) -> None:
    world.session("shop")
    await world.known("shop")
    told = await world.hears("approve k3f9")
    assert told.notice.title == (
        "✗ No prompt of code k3f9 is known (any more), and no session is called so: "
        "pending shows what waits (sessions: shop)"
    )
    assert "There is no session 'nobody'" in (await world.hears("approve nobody")).notice.title
