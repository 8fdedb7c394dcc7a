"""The fonts that come along."""

import hashlib
import json
from pathlib import Path

import pytest

from bot.adapters.painting.fonts import BOLD, EMOJI, FOLDER, MONO, Fonts, size_for

MANIFEST = json.loads((FOLDER / "manifest.json").read_text())
FONTS = Fonts(16, systems=())


def test_every_file_is_the_one_that_was_taken_and_is_listed() -> None:
    listed = {name: digest for entry in MANIFEST for name, digest in entry["files"].items()}
    there = {
        file.relative_to(FOLDER).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in FOLDER.glob("*/*")
    }
    assert there == listed
    assert {MONO, BOLD, EMOJI} <= {FOLDER / name for name in listed}


def test_every_folder_has_a_licence_and_the_list_for_people_agrees() -> None:
    page = (Path(__file__).parents[3] / "THIRD_PARTY.md").read_text()
    for entry in MANIFEST:
        assert entry["version"] in page
        for name, digest in entry["files"].items():
            assert (FOLDER / name).with_name("LICENSE").is_file()
            assert name.endswith("LICENSE") or digest in page


@pytest.mark.parametrize("char", "aé─│╭╯█▝·●✻☐☑✔→↓…ж")
def test_what_agents_draw_is_in_the_monospaced_font(char: str) -> None:
    assert FONTS.plain(char, bold=False)


def test_a_character_that_it_lacks_comes_from_another_font() -> None:
    for char in "🔒✅❌🚀":
        assert not FONTS.plain(char, bold=True)
        assert FONTS.other(char) is not None
    assert FONTS.other("日") is None


def test_a_font_of_the_system_is_asked_last() -> None:
    with_system = Fonts(16, systems=(str(FOLDER / "none.ttf"), str(BOLD)))
    found = with_system.other("日")
    assert found is None
    assert with_system.other("🔒").path == str(EMOJI)  # type: ignore[union-attr]


def test_every_cell_is_as_wide_as_a_letter() -> None:
    for size in range(13, 27):
        fonts = Fonts(size, systems=())
        for font in (fonts.mono, fonts.bold):
            assert font.getlength("M" * 100) == font.getlength("─" * 100) == 100 * fonts.width


def test_what_is_too_wide_is_drawn_smaller() -> None:
    fitted = FONTS.fitting("🔒", 10)
    assert fitted is not None
    assert fitted.getbbox("🔒")[2] <= 11
    assert FONTS.fitting("日", 20) is None
    assert FONTS.small().size < FONTS.size


@pytest.mark.parametrize(("columns", "size"), [(20, 26), (80, 26), (120, 17), (400, 13)])
def test_the_size_follows_the_width(columns: int, size: int) -> None:
    assert size_for(columns, 1280, 13, 26) == size
