import re
from pathlib import Path

import pytest

from bot.registry import leaves
from tests.support.pages import FOLDER, PAGES

DOCS = FOLDER.parent


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_what_the_code_says(name: str) -> None:
    """Else write it anew: `.venv/bin/python -m tests.support.pages`."""
    assert (FOLDER / name).read_text(encoding="utf-8") == PAGES[name]()


def test_every_plain_sentence_of_the_page_is_understood() -> None:
    page = PAGES["commands.md"]()
    sentences = re.findall(r"^\* “(.+)”$", page, re.MULTILINE)
    phrases = [p.pattern for c in leaves("handlers", "COMMAND").values() for p in c.phrases]
    assert len(sentences) == 4
    for sentence in sentences:
        said = sentence.replace("DIR", "/tmp")
        understood = any(pattern.fullmatch(said) for pattern in phrases)
        assert understood or said.startswith("start "), said


def test_the_index_names_every_page() -> None:
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    pages = [page.relative_to(DOCS).as_posix() for page in DOCS.glob("*/*.md")]
    assert [page for page in pages if f"({page})" not in index and "README" not in page] == []


def test_every_link_between_pages_leads_somewhere() -> None:
    pages = [*DOCS.rglob("*.md"), DOCS.parent / "README.md", DOCS.parent / "CHANGELOG.md"]
    broken = [
        f"{page.name}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#\s]+\.md)", page.read_text(encoding="utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert broken == []


@pytest.mark.parametrize("page", sorted(DOCS.glob("[hte]*/*.md")), ids=lambda page: page.name)
def test_one_sentence_a_line(page: Path) -> None:
    prose = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    lines = [line for line in prose.splitlines() if line[:1].isalpha()]
    assert [line for line in lines if re.search(r"[a-z`][.!?] [A-Z*`]", line)] == []
