import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.grammar import Words, first_word, nearest, numbers, seconds, split_command

COMMANDS = [
    ("approve vsr-bugfix", "approve", "vsr-bugfix"),
    ("/approve vsr-bugfix", "approve", "vsr-bugfix"),
    ("/approve@wingman_bot vsr-bugfix", "approve", "vsr-bugfix"),
    ("APPROVE k3f9", "approve", "k3f9"),
    ("  Deny  k3f9  use yarn \n", "deny", "k3f9  use yarn"),
    ("deny: k3f9", "deny", "k3f9"),
    ("deny, k3f9", "deny", "k3f9"),
    ("approve\u00a0k3f9", "approve", "k3f9"),
    ("approve\nk3f9", "approve", "k3f9"),
    ("choose k3f9 1,3", "choose", "k3f9 1,3"),
    (
        "start api in ~/projects/api: fix the tests",
        "start",
        "api in ~/projects/api: fix the tests",
    ),
    ("tell api line one\nline two", "tell", "api line one\nline two"),
    ("sessions", "sessions", ""),
    ("/sessions", "sessions", ""),
    ("env-example", "env-example", ""),
]


@pytest.mark.parametrize(("text", "command", "rest"), COMMANDS)
def test_a_command_is_the_first_word(text: str, command: str, rest: str) -> None:
    assert split_command(text) == Words(command, rest)


@pytest.mark.parametrize(
    "text", ["", "   ", "1", "👍", "!approve x", "/ approve x", "ок", "don't", "a.b c", "aé x"]
)
def test_no_word_no_command(text: str) -> None:
    assert split_command(text) is None


@given(st.text())
def test_whatever_is_typed_is_understood_or_not(text: str) -> None:
    words = split_command(text)
    assert words is None or (words.command == words.command.lower() and words.rest in text)
    first_word(text)
    numbers(text)
    seconds(text)


@pytest.mark.parametrize(
    ("text", "word", "rest"),
    [
        ("api fix it", "api", "fix it"),
        ("'api' fix it", "api", "fix it"),
        ("“api”, fix it", "api", "fix it"),
        ("'api': fix it", "api", "fix it"),
        ("`api`", "api", ""),
        ("api:   fix  it ", "api", "fix  it"),
        ("", "", ""),
        ("  ", "", ""),
    ],
)
def test_the_first_word_without_its_quotes(text: str, word: str, rest: str) -> None:
    assert first_word(text) == (word, rest)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("2", (2,)),
        ("1,3", (1, 3)),
        ("1, 3", (1, 3)),
        ("1 3", (1, 3)),
        (" 1 ; 3 ", (1, 3)),
        ("3,1,3", (3, 1)),
        ("007", (7,)),
    ],
)
def test_row_numbers(text: str, rows: tuple[int, ...]) -> None:
    assert numbers(text) == rows


@pytest.mark.parametrize(
    "text",
    ["", "two", "1.", "1-3", "1,,3", ",1", "1,", "1 and 3", "-1", "1234", "²", "\u0661", "1\x003"],
)
def test_anything_else_is_no_row(text: str) -> None:
    assert numbers(text) is None


def test_a_wide_message_is_refused_at_once() -> None:
    assert numbers("1" + " " * 100_000 + "x") is None


def test_near_words() -> None:
    known = ["approve", "always", "deny", "sessions", "status"]
    assert nearest("aprove", known) == ["approve"]
    assert nearest("APPROVE", known)[0] == "approve"
    assert nearest("qqq", known) == []
    assert len(nearest("s", ["sa", "sb", "sc", "sd"])) == 3


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("45", 2700),
        ("30s", 30),
        ("30m", 1800),
        ("30 min", 1800),
        ("1h", 3600),
        ("2D", 172_800),
        ("", None),
        ("soon", None),
        ("1h30", None),
        ("-5m", None),
        ("5 m x", None),
        ("9" * 5000, None),
    ],
)
def test_spans_of_time(text: str, span: int | None) -> None:
    assert seconds(text) == span
