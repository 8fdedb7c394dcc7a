"""What a channel may raise, and what the outbox reads from it."""

from bot.core.errors import WingmanError
from bot.ports.channel import Blocked, MessageGone, Rejected, RetryLater, Unreachable


def test_patience_is_asked_for_in_seconds() -> None:
    error = RetryLater(35, "too many messages")
    assert (error.after, str(error)) == (35, "too many messages")


def test_a_message_that_is_gone_is_a_refusal_and_silence_is_none() -> None:
    assert issubclass(MessageGone, Rejected)
    assert issubclass(Blocked, Rejected)
    assert not issubclass(Unreachable, Rejected)
    assert all(issubclass(kind, WingmanError) for kind in (Rejected, RetryLater, Unreachable))
