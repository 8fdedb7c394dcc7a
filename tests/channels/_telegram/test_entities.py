"""Offsets are counted as Telegram counts them, whatever the text is made of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels._telegram.entities import (
    Builder,
    Entity,
    Formatted,
    cut,
    sendable,
    split,
    trimmed,
    units,
)

SIGNS = st.sampled_from(["a", "ß", " ", "\n", "漢", "😀", "👩‍💻", "🇩🇪", "é", "\u200b", "\t"])
TEXTS = st.lists(SIGNS, max_size=300).map("".join)
TYPES = st.sampled_from(["", "bold", "pre", "blockquote", "expandable_blockquote"])
WHOLES = st.lists(st.tuples(TEXTS, TYPES), max_size=30)


def utf16(text: str) -> bytes:
    return text.encode("utf-16-le")


def covered(part: Formatted, entity: Entity) -> str:
    """Fails to decode when a border of the entity is inside a surrogate pair."""
    return utf16(part.text)[entity.offset * 2 : entity.end * 2].decode("utf-16-le")


def built(pieces: list[tuple[str, str]]) -> Formatted:
    builder = Builder()
    for text, type_ in pieces:
        builder.add(text, type_)
    return builder.done


@pytest.mark.parametrize(
    ("text", "count"), [("", 0), ("ab", 2), ("😀", 2), ("漢", 1), ("👩‍💻", 5)]
)
def test_units_are_those_of_utf16(text: str, count: int) -> None:
    assert units(text) == count == len(utf16(text)) // 2


@given(WHOLES)
def test_each_entity_covers_the_piece_it_was_made_for(pieces: list[tuple[str, str]]) -> None:
    whole = built(pieces)
    marked = [text for text, type_ in pieces if type_ and text]
    assert [covered(whole, entity) for entity in whole.entities] == marked


@given(WHOLES, st.integers(4, 60), st.integers(1, 8))
def test_parts_fit_and_make_the_whole(
    pieces: list[tuple[str, str]], limit: int, most: int
) -> None:
    whole = built(pieces)
    parts = split(whole, limit, most)
    assert "".join(part.text for part in parts) == whole.text
    for part in parts:
        assert units(part.text) <= limit
        assert len(part.entities) <= most
        for entity in part.entities:
            assert 0 <= entity.offset < entity.end <= units(part.text)
            assert covered(part, entity)


@given(WHOLES, st.integers(4, 60), st.integers(1, 8))
def test_a_cut_takes_no_formatting_away(
    pieces: list[tuple[str, str]], limit: int, most: int
) -> None:
    whole = built(pieces)
    parts = split(whole, limit, most)
    for type_ in {entity.type for entity in whole.entities}:
        before = "".join(covered(whole, e) for e in whole.entities if e.type == type_)
        after = "".join(covered(p, e) for p in parts for e in p.entities if e.type == type_)
        assert after == before


def test_a_part_ends_behind_a_line() -> None:
    lines = [f"line {number}\n" for number in range(100)]
    parts = split(Formatted("".join(lines)), 100)
    assert all(part.text.endswith("\n") for part in parts)


def test_a_line_without_end_is_cut_between_words() -> None:
    parts = split(Formatted("word " * 100), 52)
    assert {part.text for part in parts} == {"word " * 10}


def test_a_surrogate_pair_stays_together() -> None:
    parts = split(Formatted("😀" * 10), 5)
    assert [part.text for part in parts] == ["😀😀"] * 5


def test_an_entity_goes_on_in_the_next_part_with_its_language() -> None:
    whole = Formatted("x" * 25, (Entity("pre", 5, 20, "diff"),))
    assert [part.entities for part in split(whole, 10)] == [
        (Entity("pre", 5, 5, "diff"),),
        (Entity("pre", 0, 10, "diff"),),
        (Entity("pre", 0, 5, "diff"),),
    ]


def test_more_entities_at_one_place_than_fit_lose_the_innermost() -> None:
    whole = Formatted("abc", tuple(Entity("bold", 0, length) for length in (1, 2, 3)))
    (part,) = split(whole, 10, 2)
    assert part.entities == (Entity("bold", 0, 3), Entity("bold", 0, 2))


def test_nothing_is_one_part() -> None:
    assert split(Formatted("")) == (Formatted(""),)


@pytest.mark.parametrize(
    ("given_", "sent"),
    [("a\ud800b", "a\ufffdb"), ("\ud83d\ude00", "😀"), ("a\r\nb\rc", "a\nb\nc"), ("\0", "\ufffd")],
)
def test_what_telegram_would_not_take_is_replaced(given_: str, sent: str) -> None:
    assert sendable(given_) == sent
    assert built([(given_, "")]).text == sent


@given(st.text(alphabet=st.characters(), max_size=50))
def test_whatever_is_built_can_be_written(text: str) -> None:
    built([(text, "bold")]).text.encode()


@given(TEXTS, st.integers(1, 50))
def test_a_short_form_fits_and_says_that_it_is_one(text: str, limit: int) -> None:
    short = cut(text, limit)
    assert units(short) <= limit
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))


@given(WHOLES)
def test_trimming_keeps_what_the_entities_cover(pieces: list[tuple[str, str]]) -> None:
    whole = built(pieces)
    part = trimmed(whole)
    assert part.text == whole.text.strip()
    before = {covered(whole, entity).strip() for entity in whole.entities}
    assert all(covered(part, entity).strip() in before for entity in part.entities)


def test_lines_stand_below_each_other() -> None:
    builder = Builder()
    builder.line("😀", "bold")
    builder.line("code", "pre", "diff")
    assert builder.done == Formatted(
        "😀\ncode", (Entity("bold", 0, 2), Entity("pre", 3, 4, "diff"))
    )
