import pytest

from bot.channels._telegram.faults import NotModified, ThreadGone, TooOld, bad_request
from bot.ports.channel import Blocked, MessageGone, Rejected


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Message is not modified: specified new message content and …", NotModified),
        ("Bad Request: MESSAGE_ID_INVALID", MessageGone),
        ("Message to edit not found", MessageGone),
        ("Query is too old and response timeout expired or query ID is invalid", TooOld),
        ("Bad Request: TOPIC_DELETED", ThreadGone),
        ("Not enough rights to send text messages to the chat", Blocked),
        ("Something that was never seen before", Rejected),
    ],
)
def test_the_text_tells_what_a_bad_request_means(text: str, kind: type[Exception]) -> None:
    found = bad_request(text)
    assert type(found) is kind
    assert text in str(found)


def test_whoever_never_opened_the_chat_is_told_how() -> None:
    assert "press Start" in str(bad_request("chat not found"))
