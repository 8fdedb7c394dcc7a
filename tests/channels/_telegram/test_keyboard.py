"""A button's payload is its command, whole or not at all."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels._telegram.entities import units
from bot.channels._telegram.keyboard import DATA_LIMIT, Key, fits, keyboard
from bot.core.notices import Button, ButtonStyle, Notice, NoticeKind


def notice(*buttons: Button) -> Notice:
    return Notice(NoticeKind.PROMPT, "title", buttons=buttons)


def labels(*buttons: Button) -> list[list[str]]:
    return [[key.label for key in row] for row in keyboard(notice(*buttons)).rows]


def test_a_decision_is_one_row_in_its_colours() -> None:
    keys = keyboard(
        notice(
            Button("Approve", "approve k3f9", ButtonStyle.ALLOW),
            Button("Always…", "always k3f9"),
            Button("Deny", "deny k3f9", ButtonStyle.DENY),
        )
    )
    assert keys.rows == (
        (
            Key("Approve", "success", "approve k3f9"),
            Key("Always…", "", "always k3f9"),
            Key("Deny", "danger", "deny k3f9"),
        ),
    )
    assert keys.complete


def test_long_labels_have_a_row_of_their_own_and_keep_their_place() -> None:
    long = "Use the existing database schema"
    assert labels(
        Button("A", "1"), Button("B", "2"), Button(long, "3"), Button("C", "4"), Button("D", "5")
    ) == [["A", "B"], [long], ["C", "D"]]


def test_at_most_three_in_a_row() -> None:
    assert labels(*(Button(str(n), f"n {n}") for n in range(7))) == [
        ["0", "1", "2"],
        ["3", "4", "5"],
        ["6"],
    ]


@pytest.mark.parametrize("command", ["peek " + "x" * 60, "peek " + "ß" * 30, ""])
def test_a_command_that_does_not_fit_has_no_button(command: str) -> None:
    keys = keyboard(notice(Button("Deny", "deny k3f9"), Button("Show", command)))
    assert [key.command for row in keys.rows for key in row] == ["deny k3f9"]
    assert not keys.complete


def test_the_longest_command_that_fits() -> None:
    assert fits("x" * DATA_LIMIT)
    assert not fits("x" * (DATA_LIMIT + 1))


def test_more_buttons_than_telegram_takes_are_left_to_words() -> None:
    keys = keyboard(notice(*(Button(str(n), f"n {n}") for n in range(150))))
    assert sum(map(len, keys.rows)) == 100
    assert not keys.complete


def test_the_line_for_the_terminal_can_be_copied() -> None:
    line = "tmux -L work attach -t =api"
    keys = keyboard(replace(notice(Button("Deny", "deny k3f9")), attach=line))
    assert [[(key.command, key.copy) for key in row] for row in keys.rows] == [
        [("deny k3f9", "")],
        [("", line)],
    ]
    assert keys.complete
    assert keyboard(replace(notice(), attach="x" * 257)).rows == ()


def test_a_long_label_is_cut_and_a_missing_one_is_the_command() -> None:
    assert labels(Button("w " * 40, "a")) == [["w " * 19 + "w…"]]
    assert labels(Button(" \n ", "ping")) == [["ping"]]


@given(st.lists(st.builds(Button, st.text(max_size=80), st.text(max_size=40)), max_size=20))
def test_each_command_is_there_once_unchanged_and_in_order(buttons: list[Button]) -> None:
    keys = [key for row in keyboard(notice(*buttons)).rows for key in row]
    assert [key.command for key in keys] == [b.command for b in buttons if fits(b.command)]
    assert all(0 < units(key.label) <= 40 for key in keys)


def test_a_longer_list_comes_in_pairs() -> None:
    buttons = [
        Button(f"{verb} k3f{n}", f"{verb} k3f{n}") for n in (1, 2) for verb in ("Show", "Deny")
    ]
    assert labels(*buttons) == [["Show k3f1", "Deny k3f1"], ["Show k3f2", "Deny k3f2"]]
