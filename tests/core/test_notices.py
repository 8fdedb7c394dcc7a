"""What goes with a notice."""

import pytest

from bot.core.notices import (
    MOST_ATTACHED,
    Attachment,
    Button,
    Notice,
    NoticeKind,
    Part,
    PartStyle,
    plainly,
)
from tests.support.files import PNG, SVG


def test_a_picture_is_one_by_what_it_says_and_what_it_is() -> None:
    assert Attachment("a.png", "image/png", PNG).pixels == (3, 2)
    for mime, data in (("image/png", b"<html>"), ("image/svg+xml", SVG), ("text/html", PNG)):
        other = Attachment("a.png", mime, data)
        assert (other.is_picture, other.pixels) == (False, (0, 0))


def test_what_is_too_big_is_no_attachment() -> None:
    Attachment("a.diff", "text/x-diff", bytes(MOST_ATTACHED))
    with pytest.raises(ValueError, match=r"a\.diff is too big"):
        Attachment("a.diff", "text/x-diff", bytes(MOST_ATTACHED + 1))


def test_its_content_is_not_in_its_name_for_the_log() -> None:
    assert "secret" not in repr(Attachment("a.txt", "text/plain", b"secret"))


def test_plain_words_are_all_the_words_and_say_what_is_missing() -> None:
    notice = Notice(
        NoticeKind.PROMPT,
        "asks",
        (Part("make", PartStyle.CODE), Part("why", PartStyle.QUOTE)),
        (Button("Approve", "approve k3f"),),
        footer="approve shop",
        session="shop",
        code="k3f",
        attach="tmux attach",
        attachments=(Attachment("a.png", "image/png", PNG),),
    )
    plain = plainly(notice, "they did not pass")
    assert plain.parts == (
        Part("make"),
        Part("why"),
        Part("Without buttons and files: they did not pass"),
    )
    assert (plain.buttons, plain.attachments, plain.attach) == ((), (), "")
    assert (plain.footer, plain.session, plain.code) == ("approve shop", "shop", "k3f")
