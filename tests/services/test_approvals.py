"""One winner, one drive of keys, one honest answer."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from bot.core.approvals import PromptState
from bot.core.decisions import Decision, Principal, Verdict
from bot.core.ids import EventId
from bot.core.notices import Notice, NoticeKind
from bot.core.prompts import Role
from tests.support.faketmux import FakePane
from tests.support.phone import ANN, FakePhone
from tests.support.toy import YES_ALWAYS_NO
from tests.support.trials import FakeTrials, finding, trial
from tests.support.virtual import virtual
from tests.support.world import World, running

BOB = "7002"
QUESTION = ((Role.ANSWER, "red"), (Role.ANSWER, "green"), (Role.OTHER, "Type something"))


@virtual
async def test_of_fifty_who_decide_at_once_one_presses_and_the_others_learn_who(
    tmp_path: Path,
) -> None:
    async with running(World(tmp_path)) as world:
        pane, card = await world.asked()
        record = await world.record(card.notice.code)

        async def decides(number: int) -> Notice:
            person = Principal("fake", f"{number}", f"Person {number}", "chat")
            verdict = Verdict.APPROVE if number % 2 else Verdict.DENY
            event = EventId(f"tap-{number}")
            return await world.services.approvals.decide(record, Decision(verdict), person, event)

        notices = await asyncio.gather(*(decides(number) for number in range(50)))

        assert len(pane.agent.keys) == 1
        assert len(pane.agent.done) == 1
        after = await world.record(card.notice.code)
        kinds = Counter(notice.kind for notice in notices)
        assert kinds == {NoticeKind.REPLY: 1, NoticeKind.TROUBLE: 49}
        for notice in notices:
            if notice.kind is NoticeKind.TROUBLE:
                assert "settled already" in notice.title
                assert after.decided_name in "\n".join(part.text for part in notice.parts)


@virtual
async def test_the_same_tap_twice_is_one_decision(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane, card = await world.asked()
        approve = card.button("Approve")
        await world.phone.says(approve, event="1")
        await world.phone.says(approve, event="1")
        await world.reply("approved (once)")
        await world.passes(5)

        assert pane.agent.keys == [b"\r"]
        assert len(world.phone.replies()) == 1


@virtual
async def test_a_name_counts_only_for_whom_the_card_was_sent(tmp_path: Path) -> None:
    other = FakePhone("other", allowed={BOB: "bobs"}, name="Bob")
    async with running(World(tmp_path, more_channels=(other,))) as world:
        other.slow["bobs"] = asyncio.Event()
        pane, _ = await world.asked()

        await other.says("approve shop", user=BOB)
        await world.passes(3)
        assert pane.agent.keys == []
        other.slow["bobs"].set()
        await world.soon(lambda: other.replies() or None, "an answer for Bob")
        assert "you have not been sent" in other.replies()[0].text

        await other.says("approve shop", user=BOB)
        await world.soon(lambda: pane.agent.done or None, "a key")


@virtual
async def test_a_stale_code_shows_what_the_session_asks_now(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane, card = await world.asked("make old")
        stale = card.button("Approve")
        pane.agent.feed(b"\r")
        world.asks(pane, "make new")
        fresh = await world.card("make new")

        await world.phone.says(stale)

        told = await world.reply("settled already")
        assert "make new" in told.text
        assert told.button("Approve") == f"approve {fresh.notice.code}"
        assert pane.agent.keys == [b"\r"]


@virtual
async def test_a_dialog_that_was_followed_by_another_closes_its_card(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane, card = await world.asked("make a")
        pane.agent.asks[0] = ("rm -rf /", pane.agent.asks[0][1])
        world.tmux.wrote(pane)

        await world.card("rm -rf /")
        await world.soon(lambda: card.edits or None, "an edit")
        assert "the agent shows something else now" in card.notice.title


@virtual
async def test_the_same_question_asked_again_after_an_answer_is_a_new_card(
    tmp_path: Path,
) -> None:
    async with running(World(tmp_path)) as world:
        pane, first = await world.asked()
        code = first.notice.code
        pane.agent.on_answer = lambda: later(world, pane)
        await world.phone.taps(first, "Approve")
        await world.reply("approved (once)")

        second = await world.card("make")
        assert second is not first
        assert second.notice.code != code
        pane.agent.on_answer = lambda: None
        await world.phone.taps(second, "Approve")
        await world.soon(lambda: len(pane.agent.done) == 2 or None, "two answers")
        assert pane.agent.keys == [b"\r", b"\r"]


def later(world: World, pane: FakePane) -> None:
    """The agent works for 80 ms and asks once more; nobody but the one who presses sees that."""

    def once_more() -> None:
        world.asks(pane, "make")

    asyncio.get_running_loop().call_later(0.08, once_more)


@virtual
async def test_a_reason_goes_into_the_dialogs_own_field(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane, card = await world.asked(rows=YES_ALWAYS_NO)
        await world.phone.says(f"deny {card.notice.code} use pnpm")

        await world.reply("✓ Session 'shop' denied")
        assert pane.agent.done == [("deny", "make", "use pnpm")]
        await world.soon(lambda: card.edits or None, "an edit")
        assert "Reason: use pnpm" in card.text


@virtual
async def test_always_needs_a_yes_of_the_same_person_to_what_it_grants(tmp_path: Path) -> None:
    phone = FakePhone(allowed={ANN: "anns", BOB: "bobs"})
    async with running(World(tmp_path, phone=phone)) as world:
        pane, card = await world.asked("npm run build", rows=YES_ALWAYS_NO)
        code = card.notice.code
        await world.phone.says(f"always {code} yes", user=BOB)
        await world.reply("grants more than this one request")
        await world.phone.says(f"always {code} yes", user=ANN)
        await world.passes(2)
        assert pane.agent.keys == []

        await world.phone.says(f"always {code} yes", user=ANN)
        await world.reply("approved (always)")
        assert [how for how, _, _ in pane.agent.done] == ["allow_always"]


@virtual
async def test_what_a_prompt_does_not_offer_leaves_it_open(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane, card = await world.asked()
        await world.phone.says(f"always {card.notice.code}")
        await world.reply("offers no “always”")
        await world.phone.says(f"choose {card.notice.code} 7")
        await world.reply("There is no row 7")

        record = await world.record(card.notice.code)
        assert record.state is PromptState.OPEN
        assert pane.agent.keys == []


@virtual
async def test_choose_takes_the_row_of_that_number(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane, card = await world.asked("question: which colour?", rows=QUESTION)
        await world.phone.taps(card, "green")

        await world.reply("answered: green")
        assert pane.agent.done == [("answer", "question: which colour?", "green")]


@virtual
async def test_an_answer_in_own_words_is_written_and_sent(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane, card = await world.asked("question: which colour?", rows=QUESTION)
        await world.phone.says("a dark blue", reply_to=card.ref)

        await world.reply("answered")
        assert pane.agent.done == [("other", "question: which colour?", "a dark blue")]


@pytest.mark.parametrize("words", ["yes", "Y", "ok", "approve", "/approve"])
@virtual
async def test_a_yes_in_reply_to_the_card_approves(tmp_path: Path, words: str) -> None:
    async with running(World(tmp_path)) as world:
        pane, card = await world.asked()
        await world.phone.says(words, reply_to=card.ref)
        await world.reply("approved (once)")
        assert pane.agent.done == [("allow_once", "make", "")]


@virtual
async def test_words_that_are_not_kept_any_more_deny_nothing(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane, card = await world.asked()
        await world.phone.says(f"deny {card.notice.code} ↩")
        await world.reply("I don't have those words any more")
        assert pane.agent.keys == []


@virtual
async def test_a_reminder_can_be_answered_like_the_card(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane, card = await world.asked()
        await world.passes(121)
        await world.attends()
        reminder = await world.soon(
            lambda: next((b for b in world.phone.bubbles if "still waits" in b.text), None),
            "a reminder",
        )
        await world.phone.says("yes", reply_to=reminder.ref)

        await world.reply("approved (once)")
        await world.soon(lambda: (reminder.edits and card.edits) or None, "both closed")
        assert pane.agent.keys == [b"\r"]
        assert not reminder.notice.buttons


@virtual
async def test_an_answer_that_went_wrong_when_it_was_tried_is_not_given(tmp_path: Path) -> None:
    trials = FakeTrials([trial("toy", "1.2", finding(Verdict.DENY))])
    async with running(World(tmp_path, trials=trials)) as world:
        pane, card = await world.asked()

        answer = await world.hears(f"deny {card.notice.code}")
        assert "On toy 1.2 this answer went wrong" in answer.text
        assert "answer at the terminal" in answer.text
        assert pane.agent.keys == []
        assert (await world.record(card.notice.code)).state is PromptState.OPEN

        await world.hears(f"approve {card.notice.code}")
        assert len(pane.agent.done) == 1


@virtual
async def test_the_card_says_who_decided_and_on_which_channel(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        _, card = await world.asked()
        await world.phone.taps(card, "Approve")
        await world.reply("approved (once)")
        assert "by Ann on Fake, " in card.text


@virtual
async def test_a_reason_follows_a_no_that_has_no_field_for_it(tmp_path: Path) -> None:
    async with running(World(tmp_path)) as world:
        pane, card = await world.asked("line: Run it?")

        await world.hears(f"deny {card.notice.code} use the other folder")

        assert pane.agent.done == [("line", "Run it?", "n\r")]
        await world.soon(lambda: pane.agent.said or None, "the reason")
        assert pane.agent.said == ["user: use the other folder"]
