"""What an answer of Twilio's means for a message."""

import pytest

from bot.channels._whatsapp.faults import (
    AccountRefused,
    ContentRefused,
    Doubtful,
    NotJoined,
    NotVerified,
    SenderRefused,
    Trouble,
    ValuesRefused,
    WindowClosed,
    classify,
    trouble_of,
)
from bot.core.errors import WingmanError
from bot.ports.channel import Blocked, Rejected, RetryLater


@pytest.mark.parametrize(
    ("status", "code", "meaning"),
    [
        (401, 20003, AccountRefused),
        (404, 20404, AccountRefused),
        (403, 0, AccountRefused),
        (400, 21212, SenderRefused),
        (400, 63007, SenderRefused),
        (400, 63016, WindowClosed),
        (400, 63015, NotJoined),
        (400, 21608, NotVerified),
        (400, 21655, ContentRefused),
        (400, 21656, ValuesRefused),
        (400, 63003, Blocked),
        (400, 21211, Blocked),
        (400, 21610, Blocked),
        (400, 63018, RetryLater),
        (429, 20429, RetryLater),
        (500, 0, Doubtful),
        (503, 20503, Doubtful),
        (400, 21617, Rejected),
        (400, 0, Rejected),
    ],
)
def test_each_answer_has_its_meaning(status: int, code: int, meaning: type[WingmanError]) -> None:
    assert type(classify(status, code, "no")) is meaning


def test_the_code_is_said() -> None:
    assert str(classify(400, 63007, "no such sender")) == "no such sender (Twilio error 63007)"


def test_patience_is_as_long_as_asked_for() -> None:
    error = classify(429, 20429, "slow down", after=7)
    assert isinstance(error, RetryLater)
    assert error.after == 7
    daily = classify(400, 63038, "fifty a day")
    assert isinstance(daily, RetryLater)
    assert daily.after == 3600


def test_an_unknown_code_is_about_one_message() -> None:
    assert trouble_of(99999) is Trouble.MESSAGE
