"""Buttons are defined once, and filled in for each message."""

import json
import re

from hypothesis import given
from hypothesis import strategies as st

from bot.channels._whatsapp.contents import definition, fill
from bot.channels._whatsapp.keys import Key, Keys
from bot.channels._whatsapp.rendering import Outgoing
from bot.channels._whatsapp.texts import LINES, fits_above_buttons

TWO = Keys((Key("Approve k3f9", "approve k3f9"), Key("Deny k3f9", "deny k3f9")))
FOUR = Keys(tuple(Key(f"s{n}", f"status s{n}", f"session s{n}") for n in range(4)))


def filled_in(message: Outgoing) -> dict[str, object]:
    """As Twilio does it."""
    filled = fill(message)
    text = json.dumps(dict(filled.content.types))
    for name, value in filled.variables.items():
        text = text.replace(f"{{{{{name}}}}}", json.dumps(value)[1:-1])
    assert not re.search(r"\{\{\d+\}\}", text)
    found: dict[str, object] = json.loads(text)
    return found


def test_quick_replies() -> None:
    assert filled_in(Outgoing("allow?", TWO)) == {
        "twilio/quick-reply": {
            "body": "allow?",
            "actions": [
                {"type": "QUICK_REPLY", "title": "Approve k3f9", "id": "approve k3f9"},
                {"type": "QUICK_REPLY", "title": "Deny k3f9", "id": "deny k3f9"},
            ],
        }
    }


def test_a_menu() -> None:
    made = filled_in(Outgoing("which?", FOUR))
    assert made == {
        "twilio/list-picker": {
            "body": "which?",
            "button": "Choose",
            "items": [
                {"item": f"s{n}", "id": f"status s{n}", "description": f"session s{n}"}
                for n in range(4)
            ],
        }
    }


def test_the_definition_depends_on_numbers_only() -> None:
    one = fill(Outgoing("allow this?", TWO)).content
    other = fill(Outgoing("and that?", TWO)).content
    assert one == other
    assert one.name == "wingman_buttons_2_1_v1"
    assert fill(Outgoing("two\nlines", TWO)).content.name == "wingman_buttons_2_2_v1"
    assert fill(Outgoing("which?", FOUR)).content.name == "wingman_menu_4_1_v1"


def test_samples_cover_all_variables() -> None:
    for lines in range(1, LINES + 1):
        for keys in range(1, 11):
            made = definition(lines, keys, menu=keys > 3)
            asked = set(re.findall(r"\{\{(\d+)\}\}", json.dumps(dict(made.types))))
            assert asked == set(made.samples)
            assert len(asked) <= 100


WORDS = st.text(st.sampled_from(["a", " ", "\n", "`", "'", '"', "😀"]), max_size=300)


@given(WORDS.filter(fits_above_buttons))
def test_a_text_comes_out_as_it_went_in(text: str) -> None:
    filled = fill(Outgoing(text, TWO))
    for value in filled.variables.values():
        assert 0 < len(value) <= 255
        assert not re.search(r"[\n\r\t]| {5}", value)
    made = filled_in(Outgoing(text, TWO))["twilio/quick-reply"]
    assert isinstance(made, dict)
    assert made["body"] == text
