"""Receiving goes on, whatever happens to the line; nothing is confirmed before it is stored."""

import json
from http import HTTPStatus
from typing import Any

import pytest

from bot.channels._telegram.api import Hook
from bot.channels._telegram.faults import Contended, TokenInvalid
from bot.channels._telegram.intake import Intake
from bot.channels._telegram.places import Places
from bot.channels._telegram.receiving import Hooking, Line, Polling, Receiver
from bot.channels._telegram.updates import House, Ignored, Me
from bot.core.errors import StoreUnusable
from bot.ports.channel import RetryLater, Unreachable
from tests.channels._telegram.rig import Desk, Exhausted, FakeApi, FakeMemory
from tests.channels._telegram.samples import Json, said, tap
from tests.support.virtual import VirtualClock, virtual

NO_LINE = Unreachable("no route to host")


def numbered(first: int, *texts: str) -> list[Any]:
    return [{**said(text), "update_id": number} for number, text in enumerate(texts, first)]


class Post:
    """A receiver and all around it."""

    def __init__(self, *script: list[Any] | Exception) -> None:
        self.api = FakeApi(list(script))
        self.desk = Desk()
        self.clock = VirtualClock()
        self.memory = FakeMemory()
        self.greeted: list[Me] = []
        self.edits: list[Ignored] = []
        places = Places(self.memory)
        intake = Intake(House(), places, self.memory, self.desk.accept, self._edited)
        self.line = Line(self.api, self.clock, intake, self.memory, self._greet, self.desk.alarm)
        self.began = self.clock.monotonic()

    async def _greet(self, me: Me) -> None:
        self.greeted.append(me)

    async def _edited(self, message: Ignored) -> None:
        self.edits.append(message)

    async def poll(self) -> float:
        """To the end of the script; the seconds that took."""
        receiver = Receiver(Polling(self.line), self.desk.alarm, self.clock)
        with pytest.raises(Exhausted):
            await receiver.run()
        return self.clock.monotonic() - self.began


@virtual
async def test_updates_are_stored_and_then_confirmed() -> None:
    post = Post(numbered(7, "a", "b"), numbered(9, "c"), [])
    await post.poll()
    assert post.desk.texts == ["a", "b", "c"]
    assert post.api.offsets == [None, 9, 10, None]
    assert len(post.greeted) == 1


@virtual
async def test_what_could_not_be_stored_is_not_confirmed() -> None:
    post = Post(numbered(7, "a", "b"), numbered(7, "a", "b"), [])
    post.desk.fails = [StoreUnusable("disk full")]
    await post.poll()
    assert post.desk.texts == ["a", "b"]
    assert post.api.offsets[:3] == [None, None, 9]


@virtual
async def test_ids_that_begin_anew_are_taken_as_the_server_says() -> None:
    post = Post(numbered(900, "old"), [], numbered(5, "new"), [], numbered(6, "newer"))
    await post.poll()
    assert post.desk.texts == ["old", "new", "newer"]
    assert post.api.offsets == [None, 901, None, 6, None, 7]


@virtual
async def test_a_batch_in_another_order_is_confirmed_as_a_whole() -> None:
    post = Post([*numbered(9, "c"), *numbered(7, "a", "b")], [])
    await post.poll()
    assert post.desk.texts == ["c", "a", "b"]
    assert post.api.offsets[1] == 10


@virtual
async def test_poison_is_kept_aside_and_the_next_one_is_taken() -> None:
    poison: Json = {"update_id": 7, "message": {"text": "x" * 5000}}
    post = Post([poison, *numbered(8, "good")], [poison, None, {"update_id": "x"}], [])
    await post.poll()
    assert post.desk.texts == ["good"]
    assert post.api.offsets[:3] == [None, 9, 8]
    kept = json.loads(post.memory.kept["quarantine"])
    assert [entry["update"] for entry in kept] == [7, None, None]
    assert kept[0]["reason"].startswith("message.message_id")
    assert len(kept[0]["raw"]) == 2000


@virtual
async def test_a_server_that_has_nothing_new_is_asked_once_a_second() -> None:
    post = Post([], [], [{"update_id": 3}], [{"update_id": 3}])
    assert await post.poll() == pytest.approx(4)


@virtual
async def test_news_are_followed_by_the_next_question_at_once() -> None:
    assert await Post(numbered(1, "a"), numbered(2, "b")).poll() == 0


@virtual
async def test_a_line_that_breaks_is_tried_again_more_and_more_rarely() -> None:
    post = Post(*[NO_LINE] * 8)
    assert await post.poll() == pytest.approx(1 + 2 + 4 + 8 + 16 + 30 * 3)
    post = Post(NO_LINE, NO_LINE, numbered(1, "a"), NO_LINE)
    assert await post.poll() == pytest.approx(1 + 2 + 1)


@virtual
async def test_a_long_silence_is_told_elsewhere_and_so_is_its_end() -> None:
    post = Post(*[NO_LINE] * 12, numbered(1, "a"))
    await post.poll()
    (key, text), (again, over) = post.desk.alarms
    assert (key, again, over) == ("unreachable", "unreachable", "")
    assert "no route to host" in text


@virtual
async def test_a_short_one_is_not() -> None:
    post = Post(*[NO_LINE] * 4, numbered(1, "a"))
    await post.poll()
    assert post.desk.alarms == []


@virtual
async def test_a_second_poller_is_an_alarm_and_gets_room() -> None:
    post = Post(*[Contended("terminated by other getUpdates request")] * 6, [])
    assert await post.poll() == pytest.approx(5 + 10 + 20 + 40 + 60 + 60 + 1)
    ((key, text),) = post.desk.alarms
    assert key == "contended"
    assert "Another program" in text


@virtual
async def test_two_pollers_taking_turns_are_one_alarm() -> None:
    turns: list[list[Any] | Exception] = []
    for number in range(5):
        turns += [Contended("x"), numbered(number, "a")]
    post = Post(*turns)
    await post.poll()
    assert post.desk.raised == ["contended"]


@virtual
async def test_a_conflict_is_over_after_a_while_of_peace() -> None:
    post = Post(Contended("x"), *[[]] * 130)
    await post.poll()
    assert post.desk.alarms[-1] == ("contended", "")


@virtual
async def test_a_webhook_of_somebody_is_left_alone_and_told() -> None:
    post = Post(numbered(1, "a"))
    foreign = Hook("https://bot.example.org/s3cret-path?token=1")
    post.api.hooks = [foreign, foreign, Hook("")]
    await post.poll()
    assert post.api.dropped == 0
    assert post.desk.texts == ["a"]
    ((key, text),) = post.desk.alarms
    assert key == "contended"
    assert "bot.example.org" in text
    assert "s3cret" not in text


@virtual
async def test_a_webhook_that_appears_later_is_told_too() -> None:
    post = Post(Contended("can't use getUpdates method while webhook is active"))
    post.api.hooks = [Hook(""), Hook("https://x.org/"), Hook("")]
    await post.poll()
    assert len(post.api.offsets) == 2
    assert post.api.dropped == 0


@virtual
async def test_our_own_webhook_is_taken_away() -> None:
    post = Post(numbered(1, "a"))
    post.memory.kept["hook"] = "https://wingman.example.org/telegram/webhook"
    post.api.hooks = [Hook("https://wingman.example.org/telegram/webhook")]
    await post.poll()
    assert post.api.dropped == 1
    assert post.desk.texts == ["a"]
    assert post.desk.alarms == []


@virtual
async def test_a_token_that_is_not_taken_is_an_alarm_and_almost_the_end() -> None:
    post = Post(TokenInvalid("Unauthorized"), numbered(1, "a"))
    assert await post.poll() == pytest.approx(900)
    assert [key for key, _ in post.desk.alarms] == ["token", "token"]
    assert "@BotFather" in post.desk.alarms[0][1]
    assert post.desk.texts == ["a"]


@virtual
async def test_a_token_that_was_never_one() -> None:
    post = Post(numbered(1, "a"))
    post.api.mes = [TokenInvalid("Not Found")]
    await post.poll()
    assert post.desk.raised == ["token"]


@virtual
async def test_telegrams_own_patience_is_kept() -> None:
    assert await Post(RetryLater(17.5, "flood"), numbered(1, "a")).poll() == pytest.approx(17.5)


@virtual
async def test_a_defect_of_ours_does_not_end_the_channel() -> None:
    post = Post(numbered(1, "a"), numbered(1, "a"), [])
    post.desk.fails = [KeyError("defect")]
    await post.poll()
    assert post.desk.texts == ["a"]


@virtual
async def test_alarms_that_cannot_be_stored_stop_nothing() -> None:
    post = Post(Contended("x"), numbered(1, "a"))

    async def broken(key: str, text: str) -> None:
        raise StoreUnusable("disk full")

    receiver = Receiver(Polling(post.line), broken, post.clock)
    with pytest.raises(Exhausted):
        await receiver.run()
    assert post.desk.texts == ["a"]


# --- webhook ----------------------------------------------------------------------------------

URL, SECRET = "https://wingman.example.org/telegram/webhook", "s3cret-s3cret"
WITH_SECRET = {"x-telegram-bot-api-secret-token": SECRET}


@virtual
async def test_a_webhook_is_set_once_and_watched() -> None:
    post = Post()
    hooking = Hooking(post.line, URL, SECRET)
    assert await hooking.round() == await hooking.round() == 300
    assert post.api.set == [(URL, SECRET)]
    assert post.memory.kept["hook"] == URL


@virtual
async def test_a_webhook_is_set_again_after_a_restart_as_the_secret_is_new() -> None:
    post = Post()
    post.api.hooks = [Hook(URL)]
    await Hooking(post.line, URL, SECRET).round()
    assert post.api.set == [(URL, SECRET)]


@virtual
async def test_a_webhook_of_somebody_else_is_not_replaced() -> None:
    post = Post()
    post.api.hooks = [Hook("https://other.example.org/")]
    with pytest.raises(Contended):
        await Hooking(post.line, URL, SECRET).round()
    assert post.api.set == []


@virtual
async def test_the_address_we_had_before_is_replaced() -> None:
    post = Post()
    post.memory.kept["hook"] = "https://old.example.org/telegram/webhook"
    post.api.hooks = [Hook("https://old.example.org/telegram/webhook")]
    await Hooking(post.line, URL, SECRET).round()
    assert post.api.set == [(URL, SECRET)]


@virtual
async def test_a_webhook_that_disappears_is_set_again() -> None:
    post = Post()
    hooking = Hooking(post.line, URL, SECRET)
    await hooking.round()
    post.api.hooks = [Hook("")]
    await hooking.round()
    assert len(post.api.set) == 2


@virtual
async def test_deliveries_that_fail_are_told() -> None:
    post = Post()
    hooking = Hooking(post.line, URL, SECRET)
    await hooking.round()
    now = post.clock.now().timestamp()
    post.api.hooks = [Hook(URL, "Connection refused", now - 5)]
    await hooking.round()
    assert post.desk.raised == ["webhook"]
    post.api.hooks = [Hook(URL, "Connection refused", now - 5000)]
    await hooking.round()
    assert post.desk.alarms[-1] == ("webhook", "")


@virtual
async def test_an_update_with_the_secret_is_stored_before_the_answer() -> None:
    post = Post()
    hooking = Hooking(post.line, URL, SECRET)
    body = json.dumps(tap()).encode()
    assert await hooking.handle(WITH_SECRET, body) == HTTPStatus.SERVICE_UNAVAILABLE
    await hooking.round()
    assert await hooking.handle(WITH_SECRET, body) == HTTPStatus.OK
    assert await hooking.handle(WITH_SECRET, body) == HTTPStatus.OK
    assert post.desk.texts == ["approve k3f9"]
    post.desk.fails = [StoreUnusable("disk full")]
    again = json.dumps({**said("a"), "update_id": 2}).encode()
    assert await hooking.handle(WITH_SECRET, again) == HTTPStatus.SERVICE_UNAVAILABLE


@pytest.mark.parametrize("given", ["", "s3cret-s3cre", "s3cret-s3cret2", "ß", "\udcff"])
def test_whoever_does_not_know_the_secret_is_refused(given: str) -> None:
    @virtual
    async def tried() -> None:
        post = Post()
        hooking = Hooking(post.line, URL, SECRET)
        await hooking.round()
        headers = {"x-telegram-bot-api-secret-token": given} if given else {}
        assert await hooking.handle(headers, json.dumps(tap()).encode()) == HTTPStatus.FORBIDDEN
        assert post.desk.taken == []

    tried()


@virtual
async def test_a_body_that_is_no_update_does_no_harm() -> None:
    post = Post()
    hooking = Hooking(post.line, URL, SECRET)
    await hooking.round()
    assert await hooking.handle(WITH_SECRET, b"{") == HTTPStatus.BAD_REQUEST
    assert await hooking.handle(WITH_SECRET, b"\xff") == HTTPStatus.BAD_REQUEST
    assert await hooking.handle(WITH_SECRET, b"[" * 100_000) == HTTPStatus.BAD_REQUEST
    # What Telegram itself sends wrongly would come again and again.
    assert await hooking.handle(WITH_SECRET, b"[]") == HTTPStatus.OK
    assert post.desk.taken == []
