from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.tmux.control import (
    Block,
    ControlParser,
    Exit,
    Message,
    Notification,
    Output,
    unescaped,
)


def read(data: bytes) -> list[Message]:
    return ControlParser().feed(data)


def test_a_reply() -> None:
    text = "%begin 1 7 1\none\n\ntwo …\n%end 1 7 1\n".encode()
    assert read(text) == [Block(7, ("one", "", "two …"), ok=True)]


def test_an_error() -> None:
    assert read(b"%begin 1 7 1\nno such pane\n%error 1 7 1\n") == [
        Block(7, ("no such pane",), ok=False)
    ]


def test_the_attach_is_no_reply_to_a_line_of_ours() -> None:
    assert read(b"%begin 1 7 0\n%end 1 7 0\n") == [Block(7, (), ok=True, ours=False)]


def test_a_reply_that_holds_what_looks_like_other_replies() -> None:
    inside = ["%end 1 8 1", "%end 2 7 1", "%error 1 7 0", "%begin 1 7 1", "%exit", "%end 1 7 1 "]
    text = "\n".join(["%begin 1 7 1", *inside, "%end 1 7 1", ""])
    assert read(text.encode()) == [Block(7, tuple(inside), ok=True)]


def test_notifications() -> None:
    assert read(b"%sessions-changed\n%window-add @3\n%exit\n%exit server exited\n") == [
        Notification("sessions-changed"),
        Notification("window-add", "@3"),
        Exit(),
        Exit("server exited"),
    ]


def test_output_is_bytes() -> None:
    assert read(b"%output %5 a\\033[1m\\134 b\n%extended-output %5 12 : x\\015\n") == [
        Output("%5", b"a\x1b[1m\\ b"),
        Output("%5", b"x\r"),
    ]


def test_what_is_not_utf8() -> None:
    assert read(b"%begin 1 7 1\n\xff\n%end 1 7 1\n") == [Block(7, ("\ufffd",), ok=True)]


@given(st.binary())
def test_octal_comes_back(data: bytes) -> None:
    escaped = b"".join(
        b"\\%03o" % byte if byte < 32 or byte == 92 else bytes([byte]) for byte in data
    )
    assert unescaped(escaped) == data


ROWS = st.sampled_from(
    [
        *(b"%begin 1 7 1", b"%end 1 7 1", b"%error 1 7 1", b"%end 1 8 1", b"%exit bye"),
        *(b"%output %1 \\033x", b"%window-add @1", b"", b"text", "… Ja".encode(), b"\xff\xfe"),
        b"%begin " + b"9" * 5000 + b" 1 1",
    ]
)


@given(st.lists(ROWS), st.lists(st.integers(1, 40), min_size=1))
def test_any_cut_gives_the_same(rows: list[bytes], cuts: list[int]) -> None:
    data = b"".join(row + b"\n" for row in rows)
    parser, found, at, turn = ControlParser(), list[Message](), 0, 0
    while at < len(data):
        size = cuts[turn % len(cuts)]
        found += parser.feed(data[at : at + size])
        at, turn = at + size, turn + 1
    assert found == read(data)


@given(st.lists(st.binary()))
def test_any_bytes_are_taken(chunks: list[bytes]) -> None:
    parser = ControlParser()
    for chunk in chunks:
        parser.feed(chunk)
