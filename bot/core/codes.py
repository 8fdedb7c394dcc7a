"""Short codes for prompts."""

from __future__ import annotations

import random

from bot.core.ids import CODE_ALPHABET, Code

CROWDED = 2000
"""From so many codes in use on, four characters (531,441 codes) would be guessed too easily."""


def new_code(rng: random.Random, taken: frozenset[Code]) -> Code:
    """A code not in ``taken``; four characters, five when crowded."""
    length = 5 if len(taken) >= CROWDED else 4
    while True:
        code = Code("".join(rng.choice(CODE_ALPHABET) for _ in range(length)))
        # Digits alone would read as a row's number or a session's place in the list.
        if code not in taken and not code.isdigit():
            return code


def looks_like_code(text: str) -> bool:
    return len(text) in (4, 5) and all(char in CODE_ALPHABET for char in text)
