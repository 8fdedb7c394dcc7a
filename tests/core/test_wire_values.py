"""Values as plain JSON and back."""

import json
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any, NewType

import pytest
from hypothesis import given, settings

from bot.core.decisions import Decision, Verdict
from bot.core.notices import Notice
from bot.core.prompts import Choice, Kind, Prompt, Role
from bot.core.wire_values import from_plain, to_plain
from tests.support.ledger_rows import BASH, any_of


class Colour(StrEnum):
    RED = "red"


class Level(IntEnum):
    HIGH = 2


Name = NewType("Name", str)


@dataclass(frozen=True, slots=True)
class Inner:
    name: Name
    level: Level = Level.HIGH


@dataclass(frozen=True, slots=True)
class Outer:
    inner: Inner
    colour: Colour | None = None
    pair: tuple[int, str] = (1, "a")
    many: tuple[Inner, ...] = ()
    share: float = 0.5
    data: bytes = b""


PLAIN: dict[str, Any] = {
    "inner": {"name": "n", "level": 2},
    "colour": "red",
    "pair": [1, "a"],
    "many": [{"name": "m", "level": 2}],
    "share": 0.5,
    "data": "iVAA/w==",
}


def test_there_and_back() -> None:
    value = Outer(Inner(Name("n")), Colour.RED, many=(Inner(Name("m")),), data=b"\x89P\0\xff")
    assert to_plain(value) == PLAIN
    assert from_plain(Outer, PLAIN) == value


@settings(max_examples=50)
@given(any_of(Prompt) | any_of(Notice) | any_of(Decision))
def test_any_value_comes_back_through_json(value: Prompt | Notice | Decision) -> None:
    text = json.dumps(to_plain(value))
    assert text.isascii()
    assert from_plain(type(value), json.loads(text)) == value


def test_what_is_unknown_is_dropped_and_what_is_missing_has_its_default() -> None:
    plain = {"verdict": "deny", "text": "no", "mood": "grumpy"}
    assert from_plain(Decision, plain) == Decision(Verdict.DENY, "no")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"inner": None}, "an object expected"),
        ({"inner": {}}, "missing 1 required"),
        ({"inner": {"name": 1}}, "str expected, not int"),
        ({"inner": {"name": "n", "level": 9}}, "9 is not a valid Level"),
        ({"colour": "mauve"}, "'mauve' is not a valid Colour"),
        ({"pair": [1]}, "shorter"),
        ({"pair": [True, "a"]}, "int expected, not bool"),
        ({"many": "nn"}, "a list expected"),
        ({"share": "much"}, "float expected"),
    ],
)
def test_what_is_damaged_is_said(change: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        from_plain(Outer, PLAIN | change)


def test_what_has_no_plain_form_is_a_mistake_in_the_program() -> None:
    with pytest.raises(TypeError, match="complex"):
        to_plain(1j)
    with pytest.raises(TypeError, match="complex"):
        from_plain(complex, 1)


def test_a_prompt_is_readable_in_the_database() -> None:
    plain = to_plain(BASH)
    assert plain["kind"] == Kind.APPROVAL.value
    assert from_plain(Choice, plain["choices"][1]).role is Role.DENY
