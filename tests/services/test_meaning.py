"""A message is about what it replies to, or about the session whose thread it is in."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.prompts import Role
from tests.support.faketmux import FakePane
from tests.support.phone import Bubble
from tests.support.toy import YES_ALWAYS_NO
from tests.support.virtual import virtual
from tests.support.world import World, running


async def agent(world: World, name: str = "shop") -> FakePane:
    pane = world.session(name)
    await world.known(name)
    return pane


async def told(pane: FakePane, world: World, *texts: str) -> None:
    expected = [f"user: {text}" for text in texts]
    await world.soon(lambda: pane.agent.said == expected or None, f"{expected}")


async def signal(world: World, pane: FakePane) -> Bubble:
    pane.agent.said.append(":::HELP:postgres or sqlite:::")
    world.tmux.wrote(pane)
    found = await world.soon(
        lambda: next((b for b in world.phone.bubbles if "postgres or" in b.notice.title), None),
        "a signal's card",
    )
    pane.agent.said.clear()
    return found


@virtual
async def test_a_reply_to_a_signal_goes_to_its_agent(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane = await agent(world)
        card = await signal(world, pane)
        await world.phone.says("sqlite, please", reply_to=card.ref)
        await told(pane, world, "sqlite, please")


@pytest.mark.parametrize("words", ["yes", "no, the other one", "ok", "Yes!"])
@virtual
async def test_yes_to_a_signal_answers_no_prompt_that_came_meanwhile(
    tmp_path: Path, words: str
) -> None:
    async with running(World(tmp_path)) as world:
        pane = await agent(world)
        card = await signal(world, pane)
        world.asks(pane, "rm -rf /")
        await world.card("rm -rf /")
        await world.phone.says(words, reply_to=card.ref)
        await world.reply("Queued for 'shop'")
        assert pane.agent.keys == []


@virtual
async def test_a_reply_to_an_answer_or_a_settled_card_goes_to_its_agent(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane, card = await world.asked()
        await world.phone.taps(card, "Approve")
        approved = await world.reply("approved (once)")
        pane.agent.said.clear()
        await world.phone.says("now run the tests", reply_to=card.ref)
        await told(pane, world, "now run the tests")
        await world.phone.says("and lint", reply_to=approved.ref)
        await told(pane, world, "now run the tests", "and lint")
        receipt = await world.reply("Delivered to 'shop'")
        await world.phone.says("thanks", reply_to=receipt.ref)
        await told(pane, world, "now run the tests", "and lint", "thanks")


@virtual
async def test_a_decision_on_a_settled_card_comes_too_late(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane, card = await world.asked()
        await world.phone.taps(card, "Approve")
        await world.reply("approved (once)")
        pane.agent.said.clear()
        for words in ("yes", "no, never"):
            late = await world.hears(words, reply_to=card.ref)
            assert "settled already" in late.notice.title
        assert pane.agent.keys == [b"\r"]
        await world.phone.says("ok now run the tests", reply_to=card.ref)
        await told(pane, world, "ok now run the tests")


@virtual
async def test_a_reply_to_a_question_about_a_prompt_is_for_the_prompt(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane, card = await world.asked("npm run build", rows=YES_ALWAYS_NO)
        question = await world.hears(f"always {card.notice.code}")
        await world.phone.says("no", reply_to=question.ref)
        await world.reply("denied")
        assert pane.agent.keys == [b"\x1b"]
        assert question.edits == 0


@virtual
async def test_every_message_of_a_long_card_is_the_card(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.phone.split = 3
    async with running(world):
        pane, card = await world.asked()
        await world.phone.says("yes", reply_to=card.parts[0])
        await world.reply("approved (once)")
        assert pane.agent.keys == [b"\r"]


@virtual
async def test_a_reply_to_a_reminder_decides(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane, _ = await world.asked()
        await world.passes(130)
        await world.attends()
        reminder = await world.soon(
            lambda: next((b for b in world.phone.bubbles if "still waits" in b.text), None), "it"
        )
        await world.phone.says("yes", reply_to=reminder.ref)
        await world.reply("approved (once)")
        assert pane.agent.keys == [b"\r"]


@virtual
async def test_words_in_a_sessions_thread_are_for_its_agent(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane, other = await agent(world), await agent(world, "api")
        await world.phone.says("api is broken, look there", session="shop")
        await told(pane, world, "api is broken, look there")
        await world.phone.says("yes", session="shop")
        await told(pane, world, "api is broken, look there", "yes")
        assert other.agent.said == []


@virtual
async def test_commands_in_a_thread_need_no_name(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        await agent(world)
        await agent(world, "api")
        for words, title in (
            ("/status", "Session 'shop'"),
            ("status api", "Session 'api'"),
            ("/peek", "Screen of 'shop'"),
            ("sessions", "2 sessions"),
            ("approve", "✗ Nothing waits in session 'shop' (it is idle)"),
        ):
            answer = await world.hears(words, session="shop")
            assert title in answer.text


@pytest.mark.parametrize("words", ["yes", "approve", "/approve", "allow once"])
@virtual
async def test_a_decision_in_a_thread_is_for_its_one_prompt(tmp_path: Path, words: str) -> None:
    async with running(World(tmp_path)) as world:
        pane, _ = await world.asked()
        other = world.session("api")
        world.asks(other, "rm -rf /")
        await world.card("rm -rf /")
        await world.phone.says(words, session="shop")
        await world.reply("Session 'shop' approved (once)")
        assert (pane.agent.keys, other.agent.keys) == ([b"\r"], [])


@virtual
async def test_in_a_thread_yes_with_a_condition_is_no_yes(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane, _ = await world.asked()
        await world.phone.says("yes, but only the first", session="shop")
        await world.reply("I don't understand “but only the first”")
        assert pane.agent.keys == []


@virtual
async def test_a_button_means_its_command_and_no_words(tmp_path: Path) -> None:
    rows = ((Role.ANSWER, "Red"), (Role.OTHER, "Something else"))
    async with running(World(tmp_path)) as world:
        pane, card = await world.asked("question: Which colour?", rows=rows)
        await world.phone.says("peek shop", reply_to=card.ref, tapped=True)
        await world.reply("Screen of 'shop'")
        assert (pane.agent.keys, pane.agent.done) == ([], [])


@virtual
async def test_a_reply_counts_more_than_the_thread(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane, other = await agent(world), await agent(world, "api")
        receipt = await world.hears("tell api hello")
        await world.phone.says("go on", reply_to=receipt.ref, session="shop")
        await told(other, world, "hello", "go on")
        await world.phone.says("go on", reply_to="unknown", session="shop")
        await told(pane, world, "go on")


SETTING = "WINGMAN_TELEGRAM__GROUP_APPROVALS=true"


@pytest.mark.parametrize(
    "words",
    [
        "approve {code}",
        "always {code}",
        "deny {code}",
        "choose {code} 1",
        "answer {code} x",
        "yes",
        "because I say so",
        "start x in /tmp: y",
        "stop shop",
        "tell shop hello",
        "tell shop to do it",
        "interrupt shop",
        "unwatch shop",
    ],
)
@virtual
async def test_where_decisions_are_off_nothing_can_be_changed(tmp_path: Path, words: str) -> None:
    async with running(World(tmp_path)) as world:
        pane, card = await world.asked()
        text = words.format(code=card.notice.code)
        await world.phone.says(text, reply_to=card.ref, looks_only=True)
        answer = await world.reply("switched off in this chat")
        assert SETTING in answer.text
        assert (pane.agent.keys, pane.agent.said) == ([], [])
        assert world.services.roster.require("shop").watched


@virtual
async def test_where_decisions_are_off_files_are_not_taken(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        await agent(world)
        await world.phone.sends(("a.txt", b"x"), caption="tell shop", looks_only=True)
        await world.phone.sends(("a.txt", b"x"), looks_only=True)
        await world.soon(lambda: len(world.phone.replies()) == 2 or None, "answers")
        assert all(SETTING in bubble.text for bubble in world.phone.replies())
        assert world.phone.fetched == []


@virtual
async def test_where_decisions_are_off_one_may_look(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        await world.asked()
        words = ("sessions", "status shop", "peek shop", "pending", "help", "ping", "whoami")
        for text in (*words, "attach shop", "how's shop going?"):
            answer = await world.hears(text, looks_only=True)
            assert SETTING not in answer.text
