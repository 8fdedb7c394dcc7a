"""Which characters of a row are faint: agents draw their placeholders so."""

from __future__ import annotations

import re

_SGR = re.compile(r"\x1b\[([\d;:]*)m")
_OTHER_ESCAPE = re.compile(r"\x1b(?:\[[^@-~]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][0-9A-B])")
_LEAD = re.compile(r"(?: |\x1b\[[\d;:]*m)*")
_GREYS = ("38;5;24", "38;5;10", "90")


def faint_cells(row: str) -> list[tuple[str, bool, bool]]:
    """Each character of a ``capture-pane -e`` row with: is it faint, is it reversed."""
    cells: list[tuple[str, bool, bool]] = []
    faint = reverse = False
    at = 0
    for mark in _SGR.finditer(row):
        cells += [(char, faint, reverse) for char in _OTHER_ESCAPE.sub("", row[at : mark.start()])]
        faint, reverse = _after(mark.group(1), faint=faint, reverse=reverse)
        at = mark.end()
    return cells + [(char, faint, reverse) for char in _OTHER_ESCAPE.sub("", row[at:])]


def _after(codes: str, *, faint: bool, reverse: bool) -> tuple[bool, bool]:
    values = iter(codes.split(";"))
    for value in values:
        match value:
            case "" | "0":
                faint = reverse = False
            case "2":
                faint = True
            case "22":
                faint = False
            case "7":
                reverse = True
            case "27":
                reverse = False
            case "38" | "48":
                # the colour's own numbers follow: 5;N or 2;R;G;B
                for _ in range(1 if next(values, "") == "5" else 3):
                    next(values, "")
            case _:
                pass
    return faint, reverse


def starts_grey(row: str) -> bool:
    """Whether the first character that shows is in a grey of the 256 colours."""
    lead = _LEAD.match(row)
    codes = _SGR.findall(lead.group()) if lead else []
    colours = [code for code in codes if code in ("", "0", "39") or code.startswith(("38", "9"))]
    return bool(colours) and colours[-1].startswith(_GREYS)
