from __future__ import annotations

import pytest

from bot.demo.composer import Composer
from bot.demo.keys import KeyReader
from bot.demo.layout import row_text


def feed(composer: Composer, data: bytes) -> list[str]:
    sent = [composer.type(key) for key in KeyReader().feed(data)]
    return [message for message in sent if message]


@pytest.mark.parametrize(
    ("data", "sent"),
    [
        (b"hello\r", ["hello"]),
        (b"\r", []),
        (b"a\x7fb\r", ["b"]),
        (b"gone\x15kept\r", ["kept"]),
        (b"one\ntwo\r", ["one\ntwo"]),
        (b"\x1b[200~one\ntwo\x1b[201~ three\r", ["one\ntwo three"]),
    ],
)
def test_messages(data: bytes, sent: list[str]) -> None:
    assert feed(Composer(), data) == sent


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\nb\nc", "a"),
        ("a\nb\nc\nd", "[Pasted text #1 +3 lines]"),
        ("x" * 801, "[Pasted text #1]"),
    ],
)
def test_a_large_paste_is_folded_and_sent_whole(text: str, shown: str) -> None:
    composer = Composer()
    feed(composer, b"\x1b[200~" + text.encode() + b"\x1b[201~")
    assert composer.draft.split("\n")[0] == shown
    assert feed(composer, b"\r") == [text]


def test_shift_tab_goes_round_the_modes() -> None:
    composer = Composer()
    assert [composer.cycle() for _ in range(4)] == ["accept edits", "plan", "auto", "manual"]


@pytest.mark.parametrize(
    ("composer", "working", "last"),
    [
        (Composer(), False, "  ⏸ manual mode on · ? for shortcuts · ← for agents"),
        (Composer(), True, "  ⏸ manual mode on · esc to interrupt"),
        (Composer("draft"), True, "  ⏸ manual mode on"),
        (Composer(mode="accept edits"), True, "  ⏵⏵ accept edits on · esc to interrupt"),
    ],
)
def test_the_mode_line(composer: Composer, working: bool, last: str) -> None:
    rows = composer.draw(80, working=working, new=True)
    assert row_text(rows[-1]) == last
