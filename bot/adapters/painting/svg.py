"""A screen as SVG: text that can be selected and scaled. It holds no script, style or link."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape

from bot.adapters.painting.runs import Run, runs
from bot.core.cells import Cell, Sheet
from bot.core.colours import PAPER, Colour

WIDTH, HEIGHT, BASE, SIZE, MARGIN = 9, 18, 14, 15, 12
_FONTS = "ui-monospace, 'SF Mono', Menlo, 'DejaVu Sans Mono', Consolas, monospace"


def draw(sheet: Sheet) -> bytes:
    width = sheet.columns * WIDTH + 2 * MARGIN
    height = max(1, len(sheet.rows)) * HEIGHT + 2 * MARGIN
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" font-family="{_FONTS}" font-size="{SIZE}">'
    )
    lines = [head, f'<rect width="100%" height="100%" fill="{_hex(PAPER)}"/>']
    for number, row in enumerate(sheet.rows):
        top = MARGIN + number * HEIGHT
        found = tuple(runs(row, _stands_alone))
        lines += [_ground(run, top) for run in found if run.look.paper]
        lines += [_text(run, top) for run in found if run.text.strip()]
    return ("\n".join((*lines, "</svg>")) + "\n").encode()


def _stands_alone(cell: Cell) -> bool:
    """Its place is given, as nobody knows how wide the reader's fonts draw it."""
    return cell.columns > 1 or not cell.text.isascii()


def _ground(run: Run, top: int) -> str:
    assert run.look.paper is not None
    place = f'x="{MARGIN + run.column * WIDTH}" y="{top}"'
    size = f'width="{run.columns * WIDTH}" height="{HEIGHT}"'
    return f'<rect {place} {size} fill="{_hex(run.look.paper)}"/>'


def _text(run: Run, top: int) -> str:
    place = f'x="{MARGIN + run.column * WIDTH}" y="{top + BASE}"'
    stretch = f'textLength="{run.columns * WIDTH}" lengthAdjust="spacingAndGlyphs"'
    look = " ".join((place, stretch, f'fill="{_hex(run.look.ink)}"', *_style(run)))
    return f'<text xml:space="preserve" {look}>{escape(run.text)}</text>'


def _style(run: Run) -> Iterator[str]:
    if run.look.bold:
        yield 'font-weight="bold"'
    if run.look.italic:
        yield 'font-style="italic"'
    drawn = {"underline": run.look.underlined, "line-through": run.look.struck}
    if any(drawn.values()):
        yield f'text-decoration="{" ".join(name for name, is_on in drawn.items() if is_on)}"'


def _hex(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
