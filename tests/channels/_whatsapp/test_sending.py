"""Notices go out in order, inside the window, and none of their messages twice."""

from __future__ import annotations

import pytest

from bot.channels._whatsapp.faults import (
    AccountRefused,
    ContentRefused,
    Doubtful,
    NotJoined,
    NotVerified,
    SenderRefused,
    ValuesRefused,
    WindowClosed,
)
from bot.channels._whatsapp.sending import AGAIN, SAME_WORDS_FOR, SANDBOX, pause
from bot.ports.channel import Blocked, Parked, Rejected, RetryLater, Unreachable
from tests.channels._whatsapp.cards import CARD, CLOSED, DONE, FOOTER, LONG, REPLY, WORDS
from tests.channels._whatsapp.rig import Parts
from tests.channels._whatsapp.samples import ANN, sid


async def opened() -> Parts:
    parts = Parts()
    await parts.open()
    return parts


async def test_words_go_as_words_and_a_card_with_its_buttons() -> None:
    parts = await opened()
    first = await parts.sending.send(ANN, WORDS)
    second = await parts.sending.send(ANN, CARD)
    words, card = parts.api.sent
    assert (first, second) == (sid(1000), sid(1001))
    assert (words.to, words.body, words.content) == (f"whatsapp:{ANN}", "*pong*", "")
    assert card.content == parts.api.defined["wingman_buttons_3_5_v1"]
    assert card.variables is not None
    assert list(card.variables.values())[5:7] == ["Approve k3f9", "approve k3f9"]
    assert await parts.offers.tap(ANN, "Approve k3f9") == ("approve k3f9", second)


async def test_before_the_list_was_read_nobody_knows_who_wrote() -> None:
    parts = Parts()
    with pytest.raises(RetryLater) as caught:
        await parts.sending.send(ANN, WORDS)
    assert caught.value.after <= 1


async def test_at_a_closed_window_it_is_parked_and_nothing_is_sent() -> None:
    parts = Parts()
    parts.windows.look_done()
    with pytest.raises(Parked):
        await parts.sending.send(ANN, CARD)
    assert parts.api.sent == []


async def test_what_twilio_calls_closed_is_closed() -> None:
    parts = await opened()
    parts.api.fails["send"] = [WindowClosed("63016")]
    for _ in range(2):
        with pytest.raises(Parked):
            await parts.sending.send(ANN, WORDS)
    assert parts.api.calls.count("send") == 1


async def test_a_long_notice_goes_on_where_it_broke_off() -> None:
    parts = await opened()
    parts.api.fails["send"] = [None, Unreachable("no network")]
    with pytest.raises(Unreachable):
        await parts.sends_in_time(LONG)
    assert (await parts.sends_in_time(LONG)).split() == [
        sid(n) for n in range(1000, 1000 + len(parts.api.sent))
    ]
    heads = [text.partition("\n")[0] for text in parts.api.texts]
    assert heads[:3] == ["(1/3)", "(2/3)", "(3/3)"]
    assert len(heads) == 4


async def test_without_buttons_the_words_are_written_out() -> None:
    parts = await opened()
    parts.api.fails["create_content"] = [ContentRefused("not for you")]
    await parts.sending.send(ANN, CARD)
    await parts.sending.send(ANN, CARD)
    assert parts.api.calls.count("create_content") == 1
    assert all(text.endswith(FOOTER) for text in parts.api.texts)
    assert not any(message.content for message in parts.api.sent)


async def test_values_that_are_not_taken_concern_that_message_only() -> None:
    parts = await opened()
    parts.api.fails["send"] = [ValuesRefused("21656")]
    await parts.sending.send(ANN, CARD)
    await parts.sending.send(ANN, CARD)
    assert [bool(message.content) for message in parts.api.sent] == [False, True]


async def test_buttons_that_somebody_deleted_are_made_anew() -> None:
    parts = await opened()
    await parts.sending.send(ANN, CARD)
    parts.api.defined.clear()
    await parts.sending.send(ANN, CARD)
    await parts.clock.advance(601)
    await parts.sending.send(ANN, CARD)
    assert [bool(message.content) for message in parts.api.sent] == [True, False, True]


async def test_the_end_of_a_long_card_is_worded_too() -> None:
    parts = await opened()
    parts.api.fails["create_content"] = [ContentRefused("no")]
    await parts.sends_in_time(LONG)
    assert len(parts.api.sent) == 4
    assert parts.api.texts[-1].endswith(FOOTER)


async def test_the_reply_and_the_closing_of_a_card_are_one_message() -> None:
    parts = await opened()
    first = await parts.sending.send(ANN, REPLY)
    assert await parts.sending.send(ANN, CLOSED) == first
    assert [text.partition("\n")[0] for text in parts.api.texts] == [f"*{DONE}*"]
    # Said a second time it is an answer to a second question.
    await parts.sending.send(ANN, REPLY)
    assert len(parts.api.sent) == 2
    await parts.clock.advance(SAME_WORDS_FOR)
    await parts.sending.send(ANN, CLOSED)
    assert len(parts.api.sent) == 3


async def test_what_waits_is_known_until_it_is_settled() -> None:
    parts = await opened()
    await parts.sending.send(ANN, CARD)
    assert await parts.sending.waiting(ANN) == ["shop"]
    await parts.sending.send(ANN, CLOSED)
    assert await parts.sending.waiting(ANN) == []


@pytest.mark.parametrize(
    ("error", "key"), [(AccountRefused("20003"), "account"), (SenderRefused("63007"), "sender")]
)
async def test_an_account_that_is_refused_is_told_and_waited_for(
    error: Exception, key: str
) -> None:
    parts = await opened()
    parts.api.fails["send"] = [error]
    with pytest.raises(RetryLater) as caught:
        await parts.sending.send(ANN, WORDS)
    assert caught.value.after == AGAIN
    assert "WINGMAN_WHATSAPP__" in parts.desk.standing[key]
    await parts.sending.send(ANN, WORDS)
    assert parts.desk.standing == {}


async def test_a_sandbox_that_ended_is_told_with_its_cure() -> None:
    parts = await opened()
    parts.api.fails["send"] = [NotJoined("63015")]
    with pytest.raises(Blocked, match="sandbox"):
        await parts.sending.send(ANN, WORDS)
    assert "send the join words" in parts.desk.standing[f"sandbox:{ANN}"]


async def test_a_number_that_a_trial_may_not_write_to_is_told_with_its_cure() -> None:
    parts = await opened()
    parts.api.fails["send"] = [NotVerified("21608")]
    with pytest.raises(Blocked, match="not verified"):
        await parts.sending.send(ANN, WORDS)
    assert "Verified Caller IDs" in parts.desk.standing[f"trial:{ANN}"]


async def test_what_is_refused_is_refused() -> None:
    parts = await opened()
    parts.api.fails["send"] = [Rejected("21617"), ContentRefused("21654")]
    for _ in range(2):
        with pytest.raises(Rejected):
            await parts.sending.send(ANN, WORDS)


async def test_every_message_is_counted_once() -> None:
    parts = await opened()
    parts.api.takes_and_fails = [Doubtful("no answer")]
    with pytest.raises(Doubtful):
        await parts.sending.send(ANN, WORDS)
    await parts.sends_in_time(WORDS)
    await parts.sending.send(ANN, CARD)
    assert parts.memory.kept[f"billed:{parts.clock.now():%Y-%m}"] == "2"


def test_the_sandbox_takes_one_in_three_seconds() -> None:
    assert (pause(SANDBOX), pause("whatsapp:+12025550199")) == (3.0, 1.0)
