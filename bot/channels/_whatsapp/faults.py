"""What Twilio's error codes mean for a message (https://www.twilio.com/docs/api/errors)."""

from __future__ import annotations

from enum import Enum, auto

from bot.core.errors import WingmanError
from bot.ports.channel import Blocked, Rejected, RetryLater, Unreachable


class AccountRefused(WingmanError):
    """The account's SID or token is not taken, or the account is closed."""


class SenderRefused(WingmanError):
    """The number that writes is not one of this account's WhatsApp senders."""


class WindowClosed(WingmanError):
    """That person has not written for 24 hours: only an approved template arrives."""


class NotJoined(WingmanError):
    """That person has not joined the sandbox, or three days have passed since."""


class NotVerified(WingmanError):
    """A trial account may write to verified numbers only."""


class ContentRefused(WingmanError):
    """The buttons' definition, the template or what was put into it is not taken."""


class ValuesRefused(ContentRefused):
    """What was put into a definition is not taken; the definition is well."""


class Doubtful(Unreachable):
    """The request was sent, and no answer came: Twilio may have taken the message."""


class Trouble(Enum):
    """What kind of failure a code is."""

    ACCOUNT = auto()
    SENDER = auto()
    WINDOW = auto()
    SANDBOX = auto()
    TRIAL = auto()
    CONTENT = auto()
    PERSON = auto()
    """That person cannot be reached, now or ever."""
    BUSY = auto()
    MESSAGE = auto()
    """This one message is not taken."""


_CODES: dict[Trouble, frozenset[int]] = {
    Trouble.ACCOUNT: frozenset({20003, 20005, 20008, 20404, 10001, 90010}),
    Trouble.SENDER: frozenset({21212, 21606, 21659, 21660, 21910, 63007, 63041, 63112, 63114}),
    Trouble.WINDOW: frozenset({63016}),
    Trouble.SANDBOX: frozenset({63015}),
    Trouble.TRIAL: frozenset({21608}),
    Trouble.CONTENT: frozenset(
        {21654, 21655, 21656, 21657, 21658, 63013, 63021, 63022, 63027, 63028, 63029, 63030}
        | {63005, 63040, 63042}
    ),
    Trouble.PERSON: frozenset(
        {21211, 21214, 21610, 21612, 21614, 63003, 63024, 63032, 63033, 63049, 63051}
    ),
    Trouble.BUSY: frozenset({20429, 21611, 14107, 63017, 63018, 63038}),
}
_BY_CODE = {code: trouble for trouble, codes in _CODES.items() for code in codes}

_VALUES = frozenset({21656, 21657, 21658})

BUSY_FOR = 30.0
FULL_FOR = 3600.0
_DAILY_LIMIT = 63038


def trouble_of(code: int) -> Trouble:
    return _BY_CODE.get(code, Trouble.MESSAGE)


def classify(status: int, code: int, text: str, after: float = 0.0) -> WingmanError:
    """For a call that was answered. ``after`` is what ``Retry-After`` asks for, in seconds."""
    if status == 429 or (status == 503 and after):
        return RetryLater(after or BUSY_FOR, text)
    if status >= 500:
        return Doubtful(text)
    if status in (401, 403):
        return AccountRefused(text)
    return error_of(code, text)


def error_of(code: int, text: str) -> WingmanError:
    said = f"{text} (Twilio error {code})" if code else text
    match trouble_of(code):
        case Trouble.ACCOUNT:
            return AccountRefused(said)
        case Trouble.SENDER:
            return SenderRefused(said)
        case Trouble.WINDOW:
            return WindowClosed(said)
        case Trouble.SANDBOX:
            return NotJoined(said)
        case Trouble.TRIAL:
            return NotVerified(said)
        case Trouble.CONTENT:
            return (ValuesRefused if code in _VALUES else ContentRefused)(said)
        case Trouble.PERSON:
            return Blocked(said)
        case Trouble.BUSY:
            return RetryLater(FULL_FOR if code == _DAILY_LIMIT else BUSY_FOR, said)
        case Trouble.MESSAGE:
            return Rejected(said)
