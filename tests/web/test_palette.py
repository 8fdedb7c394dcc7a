"""Whether every pair of colours that the page uses can be told apart (WCAG 2.2, AA)."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[2] / "bot/web/static/css"


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, two: str) -> float:
    light, dark = sorted((luminance(one), luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


TEXT_ON = {
    "text": ("ground", "surface", "sunken", "accent-soft"),
    "muted": ("ground", "surface", "sunken"),
    "accent": ("surface", "ground", "sunken"),
    "own-text": ("own",),
    "allow-text": ("allow",),
    "deny": ("deny-soft",),
    "wait": ("wait-soft", "surface"),
    "ground": ("wait",),
    "added": ("added-soft",),
    "removed": ("removed-soft",),
    "code-text": ("sunken",),
}
SHAPE_ON = {
    "focus": ("ground", "surface", "sunken", "own"),
    "line-strong": ("surface", "ground"),
    "accent": ("surface", "accent-soft"),
    "wait": ("wait-soft",),
    "deny": ("deny-soft",),
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_palette_can_be_read(scheme: str) -> None:
    light, dark = (CSS / "palette.css").read_text().split("@media", 1)
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", dark if scheme == "dark" else light))
    for pairs, least in ((TEXT_ON, 4.5), (SHAPE_ON, 3.0)):
        for front, backs in pairs.items():
            for back in backs:
                ratio = contrast(colours[front], colours[back])
                assert ratio >= least, f"{front} on {back}: {ratio:.2f}"
