"""Titles that say by themselves what a tap means."""

from bot.channels._whatsapp.keys import Keys, keys_of, typed
from bot.channels._whatsapp.texts import units
from bot.core.notices import Button, Notice, NoticeKind


def notice(*buttons: tuple[str, str], code: str = "k3f9") -> Notice:
    made = tuple(Button(label, command) for label, command in buttons)
    return Notice(NoticeKind.PROMPT, "title", buttons=made, code=code)


def titles(keys: Keys) -> list[str]:
    return [key.title for key in keys.keys]


def test_a_decision_has_the_code_in_its_title() -> None:
    keys = keys_of(
        notice(("Approve", "approve k3f9"), ("Always…", "always k3f9"), ("Deny", "deny k3f9"))
    )
    assert titles(keys) == ["Approve k3f9", "Always k3f9", "Deny k3f9"]
    assert [key.command for key in keys.keys] == ["approve k3f9", "always k3f9", "deny k3f9"]
    assert not keys.is_menu
    assert keys.complete


def test_a_row_has_its_number_and_its_code() -> None:
    keys = keys_of(
        notice(
            ("Yes", "choose k3f9 1"),
            ("Yes, and don't ask again for: npm run *", "choose k3f9 2"),
            ("No", "choose k3f9 3"),
        )
    )
    assert titles(keys) == ["1. Yes k3f9", "2. Yes, and do… k3f9", "3. No k3f9"]
    assert keys.keys[1].about == "Yes, and don't ask again for: npm run *"


def test_what_is_about_no_prompt_has_no_code() -> None:
    assert titles(keys_of(notice(("peek", "peek shop"), ("sessions", "sessions")))) == [
        "peek",
        "sessions",
    ]


def test_more_than_three_are_a_menu_and_more_than_ten_are_incomplete() -> None:
    four = keys_of(notice(*((f"status s{n}", f"status s{n}") for n in range(4))))
    assert four.is_menu
    assert four.complete
    many = keys_of(notice(*((f"status s{n}", f"status s{n}") for n in range(12))))
    assert len(many.keys) == 10
    assert not many.complete


def test_no_two_have_one_name_and_none_is_too_long() -> None:
    long = "a very long label of a row that nobody reads"
    keys = keys_of(notice(*((long, f"status s{n}") for n in range(10))))
    assert len(set(titles(keys))) == 10
    assert all(units(title) <= 24 for title in titles(keys))
    quick = keys_of(notice((long, "a"), (long, "b"), (long, "c")))
    assert titles(quick) == [
        "a very long label o…",
        "a very long label… 2",
        "a very long label… 3",
    ]


def test_a_command_that_is_too_long_has_no_key() -> None:
    keys = keys_of(notice(("Deny", "deny k3f9 " + "x" * 200), ("Approve", "approve k3f9")))
    assert titles(keys) == ["Approve k3f9"]
    assert not keys.complete


def test_without_buttons_the_same_is_typed() -> None:
    keys = keys_of(notice(("Approve", "approve k3f9"), ("Yes, grant that", "always k3f9 yes")))
    assert typed(keys) == (
        "Reply with:\n• approve k3f9\n• always k3f9 yes – Yes, grant that"  # noqa: RUF001
    )
    assert typed(Keys()) == ""
