from __future__ import annotations

from bot.canary.models.samples import sample
from bot.canary.script import ASIDE


def test_a_form_is_filled_with_something_of_each_kind() -> None:
    schema = {
        "type": "OBJECT",
        "properties": {
            "title": {"type": "STRING"},
            "mood": {"enum": ["good", "bad"]},
            "sure": {"type": "boolean"},
            "size": {"type": "INTEGER"},
            "parts": {"type": "array", "items": {"type": "string"}},
            "inner": {"type": "object", "properties": {"share": {"type": "number"}}},
        },
    }

    assert sample(schema) == {
        "title": ASIDE,
        "mood": "good",
        "sure": False,
        "size": 0,
        "parts": [],
        "inner": {"share": 0},
    }
