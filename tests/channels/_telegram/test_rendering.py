"""What a notice looks like in Telegram."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels._telegram.entities import Entity, units
from bot.channels._telegram.rendering import Outgoing, render, render_edit
from bot.core.notices import Attachment, Button, ButtonStyle, Notice, NoticeKind, Part, PartStyle
from tests.support.files import png

APPROVE = Button("Approve", "approve k3f9", ButtonStyle.ALLOW)
DENY = Button("Deny", "deny k3f9", ButtonStyle.DENY)

SHOT = Attachment("a.png", "image/png", png(60, 30))
CHANGES = Attachment("a.diff", "text/x-diff", b"+ a")


def card(*parts: Part, title: str = "🔒 Session 'a' needs approval", **more: object) -> Notice:
    given_ = {"buttons": (APPROVE, DENY), "session": "a", "code": "k3f9", **more}
    return Notice(NoticeKind.PROMPT, title, parts, **given_)  # type: ignore[arg-type]


def marks(message: Outgoing) -> list[tuple[str, str, str]]:
    """Type, language and text of each entity."""
    raw = message.text.encode("utf-16-le")
    return [
        (e.type, e.language, raw[e.offset * 2 : e.end * 2].decode("utf-16-le"))
        for e in message.entities
    ]


def only(notice: Notice) -> Outgoing:
    (message,) = render(notice).messages
    return message


def test_a_card_is_one_message() -> None:
    message = only(card(Part("Bash"), Part("npm run build", PartStyle.CODE), Part("Proceed?")))
    assert message.text == ("🔒 Session 'a' needs approval\nBash\nnpm run build\nProceed?")
    assert marks(message) == [
        ("bold", "", "🔒 Session 'a' needs approval"),
        ("pre", "", "npm run build"),
    ]
    assert [key.command for row in message.keyboard.rows for key in row] == [
        "approve k3f9",
        "deny k3f9",
    ]
    assert not message.silent


@pytest.mark.parametrize(
    ("style", "length", "type_", "language"),
    [
        (PartStyle.TEXT, 2000, None, ""),
        (PartStyle.CODE, 1500, "pre", ""),
        (PartStyle.CODE, 1501, "expandable_blockquote", ""),
        (PartStyle.DIFF, 1500, "pre", "diff"),
        (PartStyle.DIFF, 1501, "expandable_blockquote", ""),
        (PartStyle.TABLE, 2000, "pre", ""),
        (PartStyle.QUOTE, 700, "blockquote", ""),
        (PartStyle.QUOTE, 701, "expandable_blockquote", ""),
    ],
)
def test_each_style_has_its_look(
    style: PartStyle, length: int, type_: str | None, language: str
) -> None:
    found = marks(only(card(Part("x" * length, style))))[1:]
    assert found == ([(type_, language, "x" * length)] if type_ else [])


def test_a_quote_of_many_lines_is_folded() -> None:
    assert marks(only(card(Part("a\n" * 10, PartStyle.QUOTE))))[1][0] == "blockquote"
    assert marks(only(card(Part("a\n" * 12, PartStyle.QUOTE))))[1][0] == "expandable_blockquote"


def test_a_screen_that_was_asked_for_stays_in_columns() -> None:
    screen = Notice(NoticeKind.REPLY, "Screen", (Part("x" * 3000, PartStyle.CODE),))
    assert marks(only(screen))[1][0] == "pre"


def test_the_footer_stands_only_where_there_are_no_buttons() -> None:
    assert "approve a" not in only(card(footer="Reply with: • approve a")).text
    assert only(card(footer="Reply with: • approve a", buttons=())).text.endswith(
        "\n\nReply with: • approve a"
    )


def test_a_key_that_only_copies_stands_for_no_word() -> None:
    message = only(card(footer="answer at the terminal", buttons=(), attach="tmux attach"))
    assert message.text.endswith("answer at the terminal")
    assert message.keyboard.rows


def test_a_command_too_long_for_a_button_is_named_in_the_footer() -> None:
    peek = Button("Show screen", "peek " + "x" * 70)
    assert "type this" in only(card(buttons=(DENY, peek), footer="type this")).text


def test_the_beginning_of_a_long_title_is_in_bold() -> None:
    words = "word " * 40
    signal = Notice(NoticeKind.SIGNAL, f"✅ Agent `a` completed: {words}")
    assert marks(only(signal)) == [("bold", "", "✅ Agent `a` completed:")]
    assert only(signal).text == f"✅ Agent `a` completed: {words.strip()}"


def test_a_silent_notice_makes_no_sound() -> None:
    assert only(card(silent=True)).silent


def test_long_content_goes_first_and_the_buttons_come_with_its_end() -> None:
    body = "".join(f"line {n} of the plan\n" for n in range(400))
    messages = render(card(Part(body, PartStyle.CODE), Part("Proceed?"))).messages
    assert len(messages) == 3
    assert [bool(m.keyboard.rows) for m in messages] == [False, False, True]
    assert [m.silent for m in messages] == [True, True, False]
    assert messages[-1].text.endswith("line 399 of the plan\nProceed?")
    said = "\n".join(m.text for m in messages)
    assert all(f"line {n} of" in said for n in range(400))


def test_what_no_one_would_scroll_through_goes_as_a_file() -> None:
    body = "".join(f"+ line {n}\n" for n in range(3000))
    file, message = render(card(Part(body, PartStyle.DIFF), Part("Proceed?"))).messages
    assert file.document is not None
    assert file.document.name == "a-k3f9.diff"
    said = file.document.content.decode()
    assert "+ line 2999\n" in said
    assert "Proceed?" in said
    assert file.silent
    assert not file.keyboard.rows
    assert message.document is None
    assert message.keyboard.rows
    assert "+ line 0\n" in message.text
    assert "all of it is in the file above" in message.text
    assert message.text.endswith("Proceed?")


def test_a_file_is_named_so_that_any_machine_takes_it() -> None:
    long = Part("x" * 20_000, PartStyle.CODE)
    file = render(card(long, session="../..\\a b/ß", code="")).messages[0].document
    assert file is not None
    assert file.name == "a-b.txt"


def test_an_edit_is_one_message_whatever_it_took_before() -> None:
    body = "".join(f"line {n}\n" for n in range(3000))
    message = render_edit(card(Part(body, PartStyle.CODE), Part("Proceed?")))
    assert units(message.text) <= 4096
    assert "line 0\n" in message.text
    assert "…" in message.text
    assert message.text.endswith("Proceed?")
    assert message.keyboard.rows
    assert render_edit(card(Part("short"))) == only(card(Part("short")))


def test_words_before_the_title() -> None:
    assert only(card()).text.startswith("🔒")
    (message,) = render(card(), "[a] ").messages
    assert message.text.startswith("[a] 🔒")
    assert message.entities[0] == Entity("bold", 0, units("[a] 🔒 Session 'a' needs approval"))


@pytest.mark.parametrize("title", ["", " ", "\n\n"])
def test_a_message_is_never_empty(title: str) -> None:
    assert only(card(title=title)).text == "…"


LONG = ("x" * 3000, "😀 " * 1000, "\n" * 500, "a\n" * 2000)
PARTS = st.builds(
    Part,
    st.one_of(st.text(max_size=60), st.sampled_from([*LONG])),
    st.sampled_from(PartStyle),
)


@given(st.text(max_size=300), st.lists(PARTS, max_size=8))
def test_whatever_a_notice_holds_it_can_be_sent(title: str, parts: list[Part]) -> None:
    notice = card(*parts, title=title)
    messages = (*render(notice).messages, render_edit(notice))
    assert len(messages) <= 4
    for message in messages:
        limit = 4096 if message.document is None else 1024
        assert 0 < units(message.text) <= limit or message.document
        assert message.text == message.text.strip()
        assert len(message.entities) <= 100
        for entity in message.entities:
            assert 0 <= entity.offset < entity.end <= units(message.text)
    assert render(notice).card.keyboard.rows


def test_a_picture_goes_with_the_words_below_it() -> None:
    shown = Notice(NoticeKind.REPLY, "Screen of 'a'", buttons=(DENY,), attachments=(SHOT,))
    message = only(shown)
    assert message.document is not None
    assert (message.document.name, message.document.is_photo) == ("a.png", True)
    assert message.document.content == SHOT.data
    assert (message.text, marks(message)) == ("Screen of 'a'", [("bold", "", "Screen of 'a'")])
    assert message.keyboard.rows
    assert not message.silent


@pytest.mark.parametrize("size", [(2561, 200), (60, 1201), (1201, 60)])
def test_a_picture_that_would_be_spoilt_goes_as_a_file(size: tuple[int, int]) -> None:
    large = Attachment("a.png", "image/png", png(*size))
    document = only(Notice(NoticeKind.REPLY, "t", attachments=(large,))).document
    assert document is not None
    assert not document.is_photo


@pytest.mark.parametrize(
    "notice",
    [
        Notice(NoticeKind.REPLY, "t", (Part("x" * 1024),), (DENY,), attachments=(CHANGES,)),
        Notice(NoticeKind.REPLY, "t", (), (DENY,), attachments=(CHANGES,), live=True),
        card(attachments=(CHANGES,)),
    ],
)
def test_words_that_are_long_or_may_change_are_a_message_of_their_own(notice: Notice) -> None:
    file, words = render(notice).messages
    assert (file.text, file.silent, file.keyboard.rows) == ("", True, ())
    assert file.document is not None
    assert file.document.name == "a.diff"
    assert not file.document.is_photo
    assert (words.document, words.silent) == (None, False)
    assert words.keyboard.rows


def test_a_long_screen_comes_as_a_file() -> None:
    rows = tuple(f"{n:4} {'x' * 70}" for n in range(400))
    screen = Notice(NoticeKind.REPLY, "Screen", (Part("\n".join(rows), PartStyle.CODE),))
    file, start = render(screen).messages
    assert file.document is not None
    assert file.document.name == "wingman.txt"
    assert rows[-1].encode() in file.document.content
    assert "all of it is in the file above" in start.text
