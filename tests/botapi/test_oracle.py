"""That other people's models of the Bot API see a wrong call."""

from typing import Any

import pytest

from tests.botapi.bot import Bot
from tests.support.botapi.fixtures import telegram as telegram
from tests.support.botapi.oracle import TelegramOracle, absent
from tests.support.botapi.schema import Upload
from tests.support.botapi.server import Call, FakeBotApi

pytestmark = pytest.mark.skipif(bool(absent()), reason=absent())

TEXT = {"chat_id": 7001, "text": "hello"}
SILENT: dict[str, Any] = {"disable_notification": True, "reply_parameters": {"message_id": 5}}
BUTTONS = {"inline_keyboard": [[{"text": "Go", "callback_data": "go", "style": "success"}]]}
FILE = {"chat_id": 7001, "document": Upload("a.txt", b"x", "text/plain")}


@pytest.fixture
def oracle(telegram_oracle: TelegramOracle | None) -> TelegramOracle:
    assert telegram_oracle is not None
    return telegram_oracle


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("sendMessage", TEXT | SILENT | {"reply_markup": BUTTONS}),
        ("sendDocument", FILE | {"caption": "The diff"}),
        ("sendDocument", FILE | {"document": "stored-file"}),
        ("getMe", {}),
    ],
)
def test_right_calls_pass(oracle: TelegramOracle, method: str, params: dict[str, Any]) -> None:
    assert oracle.ask("call", method, params) == []


@pytest.mark.parametrize(
    ("method", "params", "complaint"),
    [
        ("sendMesage", TEXT, "no method sendMesage"),
        ("sendMessage", {"chat_id": 7001}, "sendMessage: text: Field required"),
        ("sendMessage", TEXT | {"silent": True}, "sendMessage: unknown field silent"),
        (
            "sendMessage",
            TEXT | {"reply_parameters": {"message_id": 5, "quoted": "x"}},
            "sendMessage.reply_parameters: unknown field quoted",
        ),
        (
            "sendMessage",
            TEXT | {"reply_markup": {"inline_keyboard": [[{"text": "Go", "callback": "go"}]]}},
            "sendMessage.reply_markup.inline_keyboard[0][0]: unknown field callback",
        ),
        (
            "sendMessage",
            TEXT | {"entities": [{"type": "pre", "offset": 0, "length": 1, "lang": "py"}]},
            "sendMessage.entities[0]: unknown field lang",
        ),
        ("sendDocument", FILE | {"captions": "x"}, "sendDocument: unknown field captions"),
    ],
)
def test_a_wrong_call_is_seen(
    oracle: TelegramOracle, method: str, params: dict[str, Any], complaint: str
) -> None:
    assert oracle.ask("call", method, params) == [complaint]


def test_a_wrong_answer_and_a_wrong_update_are_seen(oracle: TelegramOracle) -> None:
    assert oracle.ask("result", "getMe", {"id": 1, "first_name": "W"})
    assert oracle.ask("update", "", {"update_id": 1, "mesage": {}}) == [
        "update: unknown field mesage"
    ]


async def test_what_the_fake_recorded_is_asked(oracle: TelegramOracle) -> None:
    api = FakeBotApi()
    api.calls.append(Call("sendMessage", TEXT | {"silent": True}, at=0.0))
    api.world.updates.played.append({"update_id": 1, "mesage": {}})
    assert oracle.complaints(api) == [
        "sendMessage: unknown field silent",
        "update: unknown field mesage",
    ]


async def test_the_fixture_lets_a_right_conversation_pass(telegram: FakeBotApi) -> None:
    ann = telegram.person(7001, "Ann")
    async with Bot(telegram) as bot:
        await ann.says("hello")
        await bot.updates()
        await bot.says(7001, "hi", "Go")
    assert ann.chat.last.labels == ["Go"]
