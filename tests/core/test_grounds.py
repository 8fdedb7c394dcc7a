from __future__ import annotations

from bot.core.grounds import grounds, inks, one_marked, stands_out
from bot.core.prompts import Choice, Role

DARK, LIT = "\x1b[48;2;20;20;20m", "\x1b[48;2;245;167;66m"


def test_a_ground_for_each_character_and_on_into_the_next_row() -> None:
    first, second = grounds([f"a{DARK}bc", "d\x1b[0me\x1b]0;title\x07\x0ef"])

    assert first == (None, (20, 20, 20), (20, 20, 20))
    assert second == ((20, 20, 20), None, None)


def test_what_stands_out_from_its_neighbour() -> None:
    ground = grounds([f"{DARK}  {LIT} yes {DARK}   no"])[0]

    assert stands_out(ground, 3, 0)
    assert stands_out(ground, 11, 0) is False
    assert stands_out(ground, 40, 0) is None


def test_reversed_text_stands_out_too() -> None:
    ground = grounds(["  \x1b[7myes\x1b[0m no"])[0]

    assert stands_out(ground, 2, 0)
    assert stands_out(ground, 6, 0) is False


def test_only_a_single_mark_counts() -> None:
    yes, no = Choice(1, "Yes", Role.ALLOW_ONCE, selected=True), Choice(2, "No", Role.DENY)
    both = Choice(2, "No", Role.DENY, selected=True)

    assert one_marked([yes, no]) == (yes, no)
    assert not any(choice.selected for choice in one_marked([yes, both]))


def test_the_colour_of_the_characters_themselves_goes_on_in_the_next_row() -> None:
    first, second = inks(["\x1b[38;5;215m⚙\x1b[38;5;15m a", "b"])

    assert first[0] == (255, 175, 95)
    assert first[1] == first[2] == second[0] != first[0]
