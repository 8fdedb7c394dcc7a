"""A screen as SVG."""

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.painting import svg
from bot.core.cells import sheet_of
from bot.core.screen import Screen

SPACE = "{http://www.w3.org/2000/svg}"


def paint(*rows: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg.draw(sheet_of(Screen(rows, ansi=rows))))


def test_text_is_placed_in_its_columns() -> None:
    image = paint("ab 日c \x1b[1;3;4;9;38;2;255;0;1mred", "", "z")
    found = {node.text: node for node in image.iter(f"{SPACE}text")}
    assert list(found) == ["ab ", "日", "c ", "red", "z"]
    assert (found["日"].get("x"), found["日"].get("textLength")) == ("39", "18")
    assert found["c "].get("x") == "57"
    assert int(found["z"].get("y", "")) - int(found["ab "].get("y", "")) == 2 * svg.HEIGHT
    red = found["red"]
    assert (red.get("fill"), red.get("font-weight")) == ("#ff0001", "bold")
    assert (red.get("font-style"), red.get("text-decoration")) == (
        "italic",
        "underline line-through",
    )


def test_papers_are_rectangles() -> None:
    ground, paper = paint("a\x1b[48;2;1;2;3mbc").iter(f"{SPACE}rect")
    assert ground.get("width") == "100%"
    assert (paper.get("x"), paper.get("width"), paper.get("fill")) == ("21", "18", "#010203")


def test_no_text_becomes_markup() -> None:
    image = paint("<script>alert(1)</script> & ]]> \u202e")
    assert {node.tag.removeprefix(SPACE) for node in image.iter()} == {"svg", "rect", "text"}
    text = "".join(node.text or "" for node in image.iter(f"{SPACE}text"))
    assert text == "<script>alert(1)</script> & ]]> ⟨U+202E⟩"


@given(st.lists(st.text(), max_size=4))
def test_any_screen_is_well_formed(rows: list[str]) -> None:
    assert paint(*rows).tag == f"{SPACE}svg"
