from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.demo.script import BadScript, load, parse


def test_steps_are_numbered_unless_they_have_a_name() -> None:
    script = parse({"steps": [{"say": "a"}, {"bash": "make", "id": "m"}, {"work": 2}]})
    assert [(step.kind, step.id) for step in script.steps] == [
        ("say", "1"),
        ("bash", "m"),
        ("work", "3"),
    ]


def test_the_version_brings_its_renderer_and_its_guard() -> None:
    new, old = parse({"steps": []}), parse({"steps": [], "version": "2.1.197"})
    assert (new.fullscreen, new.guard_ms) == (True, 150)
    assert (old.fullscreen, old.guard_ms) == (False, 0)
    assert not parse({"steps": [], "renderer": "classic"}).fullscreen


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ({}, "list of steps"),
        ({"steps": [{"tell": 1}]}, "step 1 is none of"),
        ({"steps": [1]}, "no"),
    ],
)
def test_a_bad_script_is_told(data: dict[str, Any], why: str) -> None:
    with pytest.raises(BadScript, match=why):
        parse(data)


def test_fields_of_the_wrong_type_count_as_missing(tmp_path: Path) -> None:
    path = tmp_path / "s.json"
    step = {"bash": 3, "diff": "x", "work": "y", "if_denied": [{"say": "no"}]}
    path.write_text(json.dumps({"steps": [step]}))
    (read,) = load(path).steps
    assert (read.text("bash"), read.lines("diff"), read.number("work")) == ("", [], 0.0)
    assert [inner.text("say") for inner in read.steps("if_denied")] == ["no"]
