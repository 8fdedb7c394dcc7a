from bot.core.hooks import Asked, arguments_of, canonical_json, text_in
from bot.core.prompts import Kind


def test_the_order_of_keys_makes_no_other_arguments() -> None:
    assert canonical_json({"b": 1, "a": "ü"}) == canonical_json({"a": "ü", "b": 1})
    asked = Asked(Kind.APPROVAL, "Bash", canonical_json({"command": "make"}))
    assert arguments_of(asked) == {"command": "make"}
    assert arguments_of(Asked(Kind.APPROVAL, "Bash", "[]")) == {}


def test_a_field_that_is_no_text_is_none() -> None:
    assert [text_in(given, "a") for given in ({"a": "x"}, {"a": 1}, {})] == ["x", "", ""]
