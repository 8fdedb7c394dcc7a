"""docs/reference/ledger.md says what the code does."""

from pathlib import Path

import pytest

from bot.adapters.store.tables import metadata
from tests.support.reference import render_states, render_tables

PAGE = Path(__file__).parents[2] / "docs/reference/ledger.md"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("states", f"```mermaid\n{render_states()}\n```"),
        ("tables", render_tables(metadata)),
    ],
)
def test_what_is_made_from_the_code_is_up_to_date(name: str, expected: str) -> None:
    text = PAGE.read_text(encoding="utf-8")
    part = text.split(f"<!-- {name} -->\n", 1)[1].split(f"\n<!-- /{name} -->", 1)[0]
    assert part == expected
