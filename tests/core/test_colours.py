"""What escape sequences make of a character."""

import pytest

from bot.core.colours import INK, PAPER, SIXTEEN, Colour, Look, Rendition, indexed


def look(*parameters: str) -> Look:
    state = Rendition()
    for given in parameters:
        state = state.after(given)
    return state.look


@pytest.mark.parametrize(
    ("parameters", "ink"),
    [
        ("31", SIXTEEN[1]),
        ("97", SIXTEEN[15]),
        ("38;5;208", (255, 135, 0)),
        ("38;2;1;2;3", (1, 2, 3)),
        ("38:2::1:2:3", (1, 2, 3)),
        ("38:5:1", SIXTEEN[1]),
        ("31;39", INK),
        ("31;0", INK),
        ("31;", INK),
        ("38;2;1;2", INK),
        ("38;5;256", INK),
        ("38;2;1;2;999", INK),
        ("38;7;31", SIXTEEN[1]),
        ("31;58;2;1;2;3", SIXTEEN[1]),
        ("31;4:3", SIXTEEN[1]),
        ("31;99999", SIXTEEN[1]),
        ("31;x", SIXTEEN[1]),
    ],
)
def test_the_ink(parameters: str, ink: Colour) -> None:
    assert look(parameters).ink == ink


def test_the_paper() -> None:
    assert look("42").paper == SIXTEEN[2]
    assert look("104").paper == SIXTEEN[12]
    assert look("48;5;16").paper == (0, 0, 0)
    assert look("42", "49").paper is None


def test_switches_go_on_until_they_are_changed() -> None:
    on = look("1;3;4;9")
    assert (on.bold, on.italic, on.underlined, on.struck) == (True,) * 4
    assert look("1;3;4;9", "22;23;24;29") == Look()
    assert look("4:0") == Look()
    assert look("4:3").underlined


def test_reverse_swaps_ink_and_paper() -> None:
    assert look("7") == Look(PAPER, INK)
    assert look("7;31") == Look(PAPER, SIXTEEN[1])
    assert look("7;44", "27") == Look(INK, SIXTEEN[4])


def test_faint_is_between_ink_and_paper() -> None:
    faint = look("2").ink
    assert all(p < f < i for p, f, i in zip(PAPER, faint, INK, strict=True))


@pytest.mark.parametrize("parameters", ["8", "30;40", "38;2;20;24;29", "37;47", "7;31;41"])
def test_nothing_is_hidden_in_its_own_colour(parameters: str) -> None:
    seen = look(parameters)
    assert seen.ink != (seen.paper or PAPER)


def test_the_256_colours() -> None:
    assert indexed(16) == (0, 0, 0)
    assert indexed(231) == (255, 255, 255)
    assert indexed(67) == (95, 135, 175)
    assert indexed(232) == (8, 8, 8)
    assert indexed(255) == (238, 238, 238)
