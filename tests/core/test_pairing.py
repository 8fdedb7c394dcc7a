"""What counts as the word that lets a person in."""

from __future__ import annotations

import pytest

from bot.core.pairing import code_in, hash_of

CODE = "Ab3-_xyz12345678"


@pytest.mark.parametrize("text", [f"/start {CODE}", f" /start  {CODE}\n"])
def test_a_link_sends_start_and_the_code(text: str) -> None:
    assert code_in(text) == CODE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/start",
        CODE,
        f"start {CODE}",
        f"/START {CODE}",
        f"/start {CODE} please",
        f"/start{CODE}",
        "/start 1234567",
        f"/start {'a' * 65}",
        f"/start {CODE[:-1]}ü",
        f"hello /start {CODE}",
        f"/start {CODE}\n/start {CODE}",
    ],
)
def test_anything_else_holds_none(text: str) -> None:
    assert code_in(text) is None


def test_a_hash_tells_codes_apart_and_not_what_they_are() -> None:
    assert hash_of(CODE) == hash_of(CODE)
    assert hash_of(CODE) != hash_of(CODE.lower())
    assert CODE not in hash_of(CODE)
