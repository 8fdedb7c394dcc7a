import random

from hypothesis import given
from hypothesis import strategies as st

from bot.core.codes import CROWDED, looks_like_code, new_code
from bot.core.ids import CODE_ALPHABET, Code


def taken(count: int) -> frozenset[Code]:
    return frozenset(Code(f"taken-{number}") for number in range(count))


@given(st.integers())
def test_a_code_is_four_characters_that_cannot_be_misread(seed: int) -> None:
    code = new_code(random.Random(seed), frozenset())
    assert len(code) == 4
    assert set(code) <= set(CODE_ALPHABET)
    assert not set(code) & set("01aeiouly")
    assert looks_like_code(code)


def test_a_code_in_use_is_not_given_again() -> None:
    first = new_code(random.Random(7), frozenset())
    assert new_code(random.Random(7), frozenset({first})) != first


def test_five_characters_when_crowded() -> None:
    assert len(new_code(random.Random(1), taken(CROWDED - 1))) == 4
    assert len(new_code(random.Random(1), taken(CROWDED))) == 5


class Digits(random.Random):
    """Draws 2222 first."""

    drawn = 0

    def choice(self, seq):  # type: ignore[no-untyped-def]
        self.drawn += 1
        return "2" if self.drawn <= 4 else super().choice(seq)


def test_a_code_is_never_a_number() -> None:
    assert not new_code(Digits(3), frozenset()).isdigit()


def test_what_looks_like_a_code() -> None:
    assert looks_like_code("k3f9")
    assert looks_like_code("k3f9z")
    for word in ("", "k3f", "k3f9zz", "K3F9", "stop", "k3f1", "k 3f", "k3f\n"):
        assert not looks_like_code(word)
