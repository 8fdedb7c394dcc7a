"""A notice as WhatsApp shows it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels._whatsapp.rendering import MESSAGES, Outgoing, render, worded
from bot.channels._whatsapp.texts import fits_above_buttons, units
from bot.core.notices import Attachment, Button, ButtonStyle, Notice, NoticeKind, Part, PartStyle

BUTTONS = (
    Button("Approve", "approve k3f9", ButtonStyle.ALLOW),
    Button("Always…", "always k3f9"),
    Button("Deny", "deny k3f9", ButtonStyle.DENY),
)
FOOTER = "Reply with: • approve a • always a • deny a (k3f9)"


def card(*parts: Part, buttons: tuple[Button, ...] = BUTTONS) -> Notice:
    return Notice(
        NoticeKind.PROMPT,
        "🔒 Session 'a' needs approval",
        parts,
        buttons,
        footer=FOOTER,
        session="a",
        code="k3f9",
    )


def test_a_short_card_is_one_message_with_its_buttons() -> None:
    (message,) = render(card(Part("Bash"), Part("rm -rf build/", PartStyle.CODE)))
    assert message.text == ("*🔒 Session 'a' needs approval*\nBash\n```\nrm -rf build/\n```")
    assert [key.command for key in message.keys.keys] == [
        "approve k3f9",
        "always k3f9",
        "deny k3f9",
    ]


def test_code_that_is_indented_deeply_is_read_first() -> None:
    text, last = render(card(Part("if x:\n        y()", PartStyle.CODE)))
    assert "\n        y()\n" in text.text
    assert len(last.keys.keys) == 3


def test_a_long_card_is_read_first_and_its_buttons_come_last() -> None:
    body = "\n".join(f"+ line {n}" for n in range(300))
    *texts, last = render(card(Part("Edit"), Part(body, PartStyle.DIFF)))
    assert not any(text.keys.keys for text in texts)
    assert "+ line 299" in texts[-1].text
    assert len(last.keys.keys) == 3
    assert last.text.startswith("*🔒 Session 'a' needs approval*\n```+ line 0")
    assert units(last.text) <= 255


def test_what_cannot_be_shown_in_full_cannot_be_allowed() -> None:
    body = "\n".join(f"+ line {n}" for n in range(9000))
    messages = render(card(Part(body, PartStyle.DIFF)))
    assert len(messages) == MESSAGES + 2
    assert "too long for WhatsApp" in messages[-2].text
    assert [key.command for key in messages[-1].keys.keys] == ["deny k3f9"]


def test_a_file_is_named_and_where_it_is() -> None:
    files = (Attachment("a.png", "image/png", b""),)
    (message,) = render(Notice(NoticeKind.REPLY, "Screen of 'a'", attachments=files))
    assert message.text == (
        "*Screen of 'a'*\n📎 ```a.png``` can't be sent on WhatsApp. "
        "Say the same on the local phone to see it."
    )


def test_a_settled_card_is_one_short_message() -> None:
    closed = Notice(
        NoticeKind.CLOSED,
        "✓ Session 'a' approved (once)",
        (Part("rm -rf build/\n" * 200, PartStyle.CODE), Part("by Ann, 14:02")),
        code="k3f9",
    )
    (message,) = render(closed)
    lines = message.text.splitlines()
    assert lines[0] == "*✓ Session 'a' approved (once)*"
    assert lines[1].startswith("```rm -rf build/ rm")
    assert lines[2] == "by Ann, 14:02"
    assert units(message.text) < 300


def test_a_notice_without_buttons_says_what_can_be_typed() -> None:
    notice = card(Part("x"), buttons=())
    (message,) = render(notice)
    assert message.text.endswith(f"\n\n{FOOTER}")


def test_where_no_buttons_can_be_had_their_words_are_written_out() -> None:
    (message,) = render(card(Part("Bash")))
    text = worded(message, card(Part("Bash")))
    assert text == Outgoing(f"{message.text}\n\n{FOOTER}")
    bare = Notice(NoticeKind.REPLY, "which?", (), (Button("shop", "approve shop"),))
    (asked,) = render(bare)
    assert worded(asked, bare).text == "*which?*\n\nReply with:\n• approve shop"


def test_the_beginning_of_a_long_title_is_bold() -> None:
    words = "and so on " * 40
    (message,) = render(Notice(NoticeKind.SIGNAL, f"✅ Agent `a` completed: {words}"))
    assert message.text.startswith("*✅ Agent `a` completed:* and so on")


def test_a_notice_of_nothing_is_still_a_message() -> None:
    assert render(Notice(NoticeKind.STATE, " ")) == (Outgoing("…"),)


TEXTS = st.text(max_size=3000) | st.just("x" * 30_000)
PARTS = st.lists(st.builds(Part, TEXTS, st.sampled_from(PartStyle)), max_size=4).map(tuple)
LABELS = st.builds(
    Button, st.text(max_size=60), st.text(max_size=150), st.sampled_from(ButtonStyle)
)
NOTICES = st.builds(
    Notice,
    st.sampled_from(NoticeKind),
    st.text(max_size=500),
    PARTS,
    st.lists(LABELS, max_size=12).map(tuple),
    st.text(max_size=200),
)


@pytest.mark.timeout(120)
@given(NOTICES)
def test_every_notice_can_be_sent(notice: Notice) -> None:
    messages = render(notice)
    assert messages
    for message in messages:
        assert message.text.strip()
        assert units(message.text) <= 1600
        assert not message.keys.keys or fits_above_buttons(message.text)
        assert units(worded(message, notice).text) <= 1600
    assert not any(message.keys.keys for message in messages[:-1])
