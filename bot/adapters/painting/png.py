"""A screen as PNG, by Pillow."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw
from PIL.ImageFont import FreeTypeFont

from bot.adapters.painting.fonts import ALIKE, Fonts, size_for
from bot.adapters.painting.runs import Run, runs
from bot.core.cells import Cell, Row, Sheet
from bot.core.colours import PAPER

WIDE = 1280
"""Pixels that a picture should have across: about what chats show without making it smaller."""
SMALLEST, LARGEST = 13, 26
MARGIN = 12
_CODE_DIGITS = 2
_BRAILLE, _LAST_BRAILLE = "\u2800", "\u28ff"
_DOTS = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))
"""Column and row of each dot, from the lowest bit."""


def draw(sheet: Sheet) -> bytes:
    fonts = Fonts(size_for(sheet.columns, WIDE - 2 * MARGIN, SMALLEST, LARGEST))
    width = sheet.columns * fonts.width + 2 * MARGIN
    height = max(1, len(sheet.rows)) * fonts.height + 2 * MARGIN
    image = Image.new("RGB", (width, height), PAPER)
    brush = _Brush(ImageDraw.Draw(image), fonts)
    for number, row in enumerate(sheet.rows):
        brush.row(row, MARGIN + number * fonts.height)
    out = io.BytesIO()
    # Few colours in large areas: a palette makes the file a third as large.
    palette = image.quantize(256, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    palette.save(out, "PNG", optimize=False, compress_level=6)
    return out.getvalue()


class _Brush:
    def __init__(self, draw: ImageDraw.ImageDraw, fonts: Fonts) -> None:
        self._draw = draw
        self._fonts = fonts

    def row(self, row: Row, top: int) -> None:
        found = tuple(runs(tuple(map(_alike, row)), self._stands_alone))
        for run in found:
            self._ground(run, top)
        for run in found:
            if run.text.strip():
                self._text(run, top)
            self._lines(run, top)

    def _stands_alone(self, cell: Cell) -> bool:
        plain = cell.columns == 1 and len(cell.text) == 1
        return not plain or not self._fonts.plain(cell.text, bold=cell.look.bold)

    def _left(self, run: Run) -> int:
        return MARGIN + run.column * self._fonts.width

    def _right(self, run: Run) -> int:
        return self._left(run) + run.columns * self._fonts.width

    def _ground(self, run: Run, top: int) -> None:
        if run.look.paper:
            box = (self._left(run), top, self._right(run) - 1, top + self._fonts.height - 1)
            self._draw.rectangle(box, fill=run.look.paper)

    def _text(self, run: Run, top: int) -> None:
        left, look = self._left(run), run.look
        if self._fonts.plain(run.text[0], bold=look.bold):
            drawn_by = self._fonts.text(bold=look.bold)
            self._draw.text((left, top), run.text, fill=look.ink, font=drawn_by)
        elif _BRAILLE <= run.text[0] <= _LAST_BRAILLE:
            self._dots(run, top)
        elif font := self._fonts.fitting(run.text[0], self._right(run) - left):
            self._other(run, top, font)
        else:
            self._unknown(run, top)

    def _dots(self, run: Run, top: int) -> None:
        """A spinner's braille: the low eight bits say which dots are there (Unicode, 2800)."""
        bits = ord(run.text[0]) - ord(_BRAILLE)
        across, down = self._fonts.width / 2, self._fonts.height / 5
        radius = max(1, round(self._fonts.width / 8))
        for number, (column, row) in enumerate(_DOTS):
            if bits >> number & 1:
                x = round(self._left(run) + (column + 0.5) * across)
                y = round(top + (row + 1) * down)
                box = (x - radius, y - radius, x + radius, y + radius)
                self._draw.ellipse(box, fill=run.look.ink)

    def _other(self, run: Run, top: int, font: FreeTypeFont) -> None:
        """In the middle of its cell."""
        x0, y0, x1, y1 = font.getbbox(run.text)
        x = (self._left(run) + self._right(run) - (x1 - x0)) / 2 - x0
        y = top + (self._fonts.height - (y1 - y0)) / 2 - y0
        self._draw.text((round(x), round(y)), run.text, fill=run.look.ink, font=font)

    def _unknown(self, run: Run, top: int) -> None:
        """A box with the character's code in it."""
        left, font = self._left(run), self._fonts.small()
        box = (left + 1, top + 2, self._right(run) - 2, top + self._fonts.height - 3)
        self._draw.rectangle(box, outline=run.look.ink)
        code = f"{ord(run.text[0]):04X}"
        half = -(-len(code) // _CODE_DIGITS)
        lines = "\n".join((code[:half], code[half:]))
        middle = ((left + self._right(run)) / 2, top + self._fonts.height / 2)
        self._draw.multiline_text(
            middle, lines, fill=run.look.ink, font=font, anchor="mm", spacing=0, align="center"
        )

    def _lines(self, run: Run, top: int) -> None:
        heights = []
        if run.look.underlined:
            heights.append(top + self._fonts.ascent + 2)
        if run.look.struck:
            heights.append(top + self._fonts.height * 11 // 20)
        for height in heights:
            across = (self._left(run), height, self._right(run) - 1, height)
            self._draw.line(across, fill=run.look.ink)


def _alike(cell: Cell) -> Cell:
    known = ALIKE.get(cell.text)
    return Cell(known, cell.columns, cell.look) if known else cell
