"""A screen as PNG: what is where, and in which colour."""

import io
import time
from pathlib import Path

import pytest
from PIL import Image

from bot.adapters.painting import png
from bot.adapters.painting.fonts import Fonts, size_for
from bot.core.cells import sheet_of
from bot.core.colours import INK, PAPER, SIXTEEN, Colour
from bot.core.notices import MOST_ATTACHED, Attachment
from bot.core.screen import Screen

SCREENS = Path(__file__).parents[2] / "agents" / "screens"
FAST_ENOUGH = 0.3
"""Seconds for a whole screen; the best of three, as other work may be going on."""


def paint(*rows: str) -> Image.Image:
    picture = png.draw(sheet_of(Screen(rows, ansi=rows)))
    assert Attachment("a.png", "image/png", picture).is_picture
    return Image.open(io.BytesIO(picture)).convert("RGB")


FONTS = Fonts(size_for(20, png.WIDE, png.SMALLEST, png.LARGEST))


def cell(image: Image.Image, row: int, column: int, columns: int = 1) -> Image.Image:
    left, top = png.MARGIN + column * FONTS.width, png.MARGIN + row * FONTS.height
    return image.crop((left, top, left + columns * FONTS.width, top + FONTS.height))


def is_near(one: object, other: Colour) -> bool:
    """The palette may move a colour a little."""
    assert isinstance(one, tuple)
    return all(abs(a - b) < 24 for a, b in zip(one, other, strict=True))


def has(image: Image.Image, colour: Colour) -> bool:
    return any(is_near(found, colour) for _, found in image.getcolors(1 << 20) or ())


def test_the_size_is_that_of_the_grid() -> None:
    image = paint("a", "b")
    assert image.size == (20 * FONTS.width + 24, 2 * FONTS.height + 24)
    assert is_near(image.getpixel((1, 1)), PAPER)
    assert paint().size[1] == FONTS.height + 24


def test_ink_and_paper_stand_in_their_cells() -> None:
    image = paint("a \x1b[31mb\x1b[0m", "\x1b[44m  \x1b[0m \x1b[7mx")
    assert has(cell(image, 0, 0), INK)
    assert not has(cell(image, 0, 1), INK)
    assert has(cell(image, 0, 2), SIXTEEN[1])
    assert is_near(cell(image, 1, 1).getpixel((3, 3)), SIXTEEN[4])
    assert is_near(cell(image, 1, 2).getpixel((3, 3)), PAPER)
    assert is_near(cell(image, 1, 3).getpixel((0, 0)), INK)


def test_boxes_have_no_gaps() -> None:
    image = paint("┌────┐", "│    │", "└────┘")
    middle = png.MARGIN + FONTS.width // 2
    left = {x: all(_lit(image, x, y) for y in _down(image)) for x in range(middle - 3, middle + 4)}
    assert any(left.values())
    top = png.MARGIN + FONTS.height // 2
    across = range(png.MARGIN + FONTS.width, png.MARGIN + 5 * FONTS.width)
    assert any(all(_lit(image, x, y) for x in across) for y in range(top - 4, top + 5))


def _down(image: Image.Image) -> range:
    return range(png.MARGIN + FONTS.height, image.height - png.MARGIN - FONTS.height)


def _lit(image: Image.Image, x: int, y: int) -> bool:
    pixel = image.getpixel((x, y))
    assert isinstance(pixel, tuple)
    return sum(pixel) > sum(PAPER) + 100


@pytest.mark.parametrize("char", ["日", "🔒", "✅", "\ue0b0", "⠋", "⏺", "⎿", "⏸"])
def test_every_character_shows_something_within_its_cell(char: str) -> None:
    image = paint(f"  {char}")
    columns = 2 if char in "日🔒✅" else 1
    assert has(cell(image, 0, 2, columns), INK)
    assert not has(cell(image, 0, 0, 2), INK)
    assert not has(cell(image, 0, 2 + columns, 3), INK)


def test_a_spinner_turns() -> None:
    first, second = (cell(paint(char), 0, 0).tobytes() for char in "⠋⠙")
    assert first != second


def test_lines_under_and_through() -> None:
    plain, under, through = (
        cell(paint(f"{given}ab"), 0, 0).tobytes() for given in ("", "\x1b[4m", "\x1b[9m")
    )
    assert len({plain, under, through}) == 3


def test_a_whole_screen_is_drawn_fast() -> None:
    rows = [f"\x1b[{31 + n % 6}m" + "─│ab●é✻ cd "[n % 7 :] * 14 for n in range(50)]
    screen = Screen(tuple("x" * 120 for _ in rows), ansi=tuple(row[:130] for row in rows))

    def once() -> float:
        begun = time.thread_time()  # others may use the machine
        png.draw(sheet_of(screen))
        return time.thread_time() - begun

    assert min(once() for _ in range(3)) < FAST_ENOUGH


@pytest.mark.parametrize(
    "path", sorted(SCREENS.glob("*/*.ansi")), ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_recorded_screens(path: Path) -> None:
    text = path.with_suffix(".txt").read_text()
    sheet = sheet_of(Screen.of(text, ansi=path.read_text()))
    assert sheet.rows
    assert len(png.draw(sheet)) < MOST_ATTACHED / 10
