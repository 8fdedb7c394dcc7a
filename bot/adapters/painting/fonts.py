"""Which font draws which character."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import ImageFont
from PIL.ImageFont import FreeTypeFont

FOLDER = Path(__file__).parent / "fonts"
MONO = FOLDER / "dejavu-2.37" / "DejaVuSansMono.ttf"
BOLD = FOLDER / "dejavu-2.37" / "DejaVuSansMono-Bold.ttf"
EMOJI = FOLDER / "noto-emoji-3.006" / "NotoEmoji-Regular.ttf"

SYSTEMS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
    "/usr/share/fonts/opentype/unifont/unifont.otf",
    "/System/Library/Fonts/Hiragino Sans GB.ttc",
    "/System/Library/Fonts/AppleSDGothicNeo.ttc",
    "/System/Library/Fonts/Apple Symbols.ttf",
    "/Library/Fonts/Arial Unicode.ttf",
)
"""Where the writing of East Asia is found, if it is installed: too large to be brought along."""

# Neither font has these as terminals show them; what comes close has another code.
ALIKE = {
    "⎿": "└",
    "⏺": "●",
    "⏵": "▸",
    "⏴": "◂",
    "⏸": "‖",
    "⛶": "□",
    "⎺": "─",
    "⎻": "─",
    "⎼": "─",
    "⎽": "─",
}

_NOBODYS = "\U0010fffe"
"""A character that no font has: looks like every other one that a font lacks."""


class Fonts:
    """All fonts at one size; a cell of the grid is ``width`` by ``height`` pixels."""

    def __init__(self, size: int, systems: Sequence[str] = SYSTEMS) -> None:
        self.size = size
        self.mono = _load(MONO, size)
        self.bold = _load(BOLD, size)
        self.width = round(self.mono.getlength("M"))
        self.ascent, descent = self.mono.getmetrics()
        self.height = self.ascent + descent
        self._systems = systems
        self._others: tuple[FreeTypeFont, ...] | None = None
        self._lacks: dict[tuple[str, bool], bool] = {}
        self._chosen: dict[str, FreeTypeFont | None] = {}
        self._fitted: dict[tuple[str, int], FreeTypeFont | None] = {}

    def text(self, *, bold: bool) -> FreeTypeFont:
        return self.bold if bold else self.mono

    def plain(self, char: str, *, bold: bool) -> bool:
        """Whether the monospaced font has it."""
        key = (char, bold)
        if key not in self._lacks:
            self._lacks[key] = _lacks(self.text(bold=bold), char)
        return not self._lacks[key]

    def other(self, char: str) -> FreeTypeFont | None:
        """Another font that has it; None for a character nobody can draw here."""
        if char not in self._chosen:
            found = (font for font in self._fallbacks() if not _lacks(font, char))
            self._chosen[char] = next(found, None)
        return self._chosen[char]

    def fitting(self, char: str, room: int) -> FreeTypeFont | None:
        """``other``, drawn smaller where it is wider than that."""
        key = (char, room)
        if key not in self._fitted:
            font = self.other(char)
            across = font.getbbox(char)[2] if font else 0
            if font and across > room:
                font = font.font_variant(size=max(6, round(font.size * room / across)))
            self._fitted[key] = font
        return self._fitted[key]

    def small(self) -> FreeTypeFont:
        return _load(MONO, max(6, self.size * 2 // 5))

    def _fallbacks(self) -> tuple[FreeTypeFont, ...]:
        if self._others is None:
            size = round(self.height * 0.8)
            there = [EMOJI, *(Path(path) for path in self._systems if Path(path).is_file())]
            self._others = (self.mono, *(_load(path, size) for path in there))
        return self._others


def size_for(columns: int, wide: int, smallest: int, largest: int) -> int:
    """The largest size at which so many columns are at most so many pixels wide."""
    for size in range(largest, smallest, -1):
        if columns * round(_load(MONO, size).getlength("M")) <= wide:
            return size
    return smallest


def _load(path: Path, size: int) -> FreeTypeFont:
    """Laid out plainly: from left to right, and no two characters become one."""
    return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)


def _lacks(font: FreeTypeFont, char: str) -> bool:
    missing, drawn = font.getmask(_NOBODYS), font.getmask(char)
    return missing.size == drawn.size and bytes(missing) == bytes(drawn)
