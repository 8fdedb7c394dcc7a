"""The colours of a terminal, as a dark screen shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

Colour = tuple[int, int, int]

PAPER: Colour = (20, 24, 29)
INK: Colour = (214, 219, 224)
SIXTEEN: tuple[Colour, ...] = (
    (46, 52, 60),
    (232, 105, 105),
    (126, 198, 112),
    (226, 183, 88),
    (108, 165, 238),
    (199, 136, 224),
    (92, 196, 199),
    (200, 205, 210),
    (112, 120, 130),
    (246, 137, 137),
    (152, 219, 138),
    (242, 206, 124),
    (142, 188, 250),
    (219, 165, 240),
    (128, 218, 220),
    (245, 247, 249),
)
_STEPS = (0, 95, 135, 175, 215, 255)
_CUBE, _GREYS = 16, 232


@dataclass(frozen=True, slots=True)
class Look:
    """How a character is drawn. ``paper`` is None where it is the screen's own."""

    ink: Colour = INK
    paper: Colour | None = None
    bold: bool = False
    italic: bool = False
    underlined: bool = False
    struck: bool = False


@dataclass(frozen=True, slots=True)
class Rendition:
    """What SGR sequences have set so far (ECMA-48, 8.3.117; colours as in xterm's ctlseqs).

    Concealed text (8) is shown all the same: nothing that an agent writes may hide."""

    ink: Colour | None = None
    paper: Colour | None = None
    bold: bool = False
    faint: bool = False
    italic: bool = False
    underlined: bool = False
    reverse: bool = False
    struck: bool = False

    def after(self, parameters: str) -> Rendition:
        """``parameters`` as between ``ESC [`` and ``m``."""
        state = self
        codes = iter(parameters.split(";"))
        for code in codes:
            state = _changed(state, code, codes)
        return state

    @property
    def look(self) -> Look:
        ink, paper = self.ink or INK, self.paper
        if self.reverse:
            ink, paper = paper or PAPER, ink
        if self.faint:
            ink = _between(ink, paper or PAPER)
        if ink == (paper or PAPER):
            ink = _apart_from(ink)
        return Look(ink, paper, self.bold, self.italic, self.underlined, self.struck)


_SWITCHES: dict[str, Callable[[Rendition], Rendition]] = {
    "1": lambda state: replace(state, bold=True),
    "2": lambda state: replace(state, faint=True),
    "3": lambda state: replace(state, italic=True),
    "4": lambda state: replace(state, underlined=True),
    "7": lambda state: replace(state, reverse=True),
    "9": lambda state: replace(state, struck=True),
    "21": lambda state: replace(state, underlined=True),
    "22": lambda state: replace(state, bold=False, faint=False),
    "23": lambda state: replace(state, italic=False),
    "24": lambda state: replace(state, underlined=False),
    "27": lambda state: replace(state, reverse=False),
    "29": lambda state: replace(state, struck=False),
}


def _changed(state: Rendition, code: str, more: Iterator[str]) -> Rendition:
    name, *inner = code.split(":")
    if name in ("", "0"):
        return Rendition()
    if name in ("38", "48", "58"):
        return _coloured(state, name, _extended(inner or _numbers_after(more)))
    if name == "4" and inner:
        return replace(state, underlined=inner[0] != "0")
    if name in _SWITCHES:
        return _SWITCHES[name](state)
    return _simple(state, int(name)) if name.isdecimal() and len(name) < 4 else state


def _simple(state: Rendition, code: int) -> Rendition:
    tens, unit = divmod(code, 10)
    if code in (39, 49):
        return replace(state, ink=None) if code == 39 else replace(state, paper=None)
    if unit > 7 or tens not in (3, 4, 9, 10):
        return state
    colour = SIXTEEN[unit + (8 if tens > 4 else 0)]
    return replace(state, ink=colour) if tens in (3, 9) else replace(state, paper=colour)


def _numbers_after(more: Iterator[str]) -> list[str]:
    """The colour's own numbers follow: 5;N or 2;R;G;B."""
    kind = next(more, "")
    count = {"5": 1, "2": 3}.get(kind, 0)
    return [kind, *(next(more, "") for _ in range(count))]


def _extended(given: Sequence[str]) -> Colour | None:
    """``5, N`` or ``2, R, G, B``; written with colons an empty one may stand before R."""
    kind, *rest = given
    numbers = [int(number) for number in rest if number.isdecimal()]
    if any(number > 255 for number in numbers[-3:]):
        return None
    if kind == "5" and numbers:
        return indexed(numbers[0])
    if kind == "2" and len(numbers) >= 3:
        red, green, blue = numbers[-3:]
        return red, green, blue
    return None


def _coloured(state: Rendition, name: str, colour: Colour | None) -> Rendition:
    if colour is None or name == "58":
        return state
    return replace(state, ink=colour) if name == "38" else replace(state, paper=colour)


def indexed(number: int) -> Colour:
    """One of the 256 colours."""
    if number < _CUBE:
        return SIXTEEN[number]
    if number >= _GREYS:
        grey = 8 + 10 * (number - _GREYS)
        return grey, grey, grey
    place = number - _CUBE
    return _STEPS[place // 36], _STEPS[place // 6 % 6], _STEPS[place % 6]


def _between(ink: Colour, paper: Colour) -> Colour:
    red, green, blue = (round(0.6 * a + 0.4 * b) for a, b in zip(ink, paper, strict=True))
    return red, green, blue


def _apart_from(colour: Colour) -> Colour:
    """Text in the colour of its own paper would not be seen."""
    return INK if sum(colour) < 3 * 128 else PAPER
