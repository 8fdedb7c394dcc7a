from __future__ import annotations

import pytest

from bot.core.labels import plain, role_in, role_table
from bot.core.prompts import Role

TABLE = role_table((Role.ALLOW_ONCE, "yes"), (Role.ALLOW_ALWAYS, "yes, and don't ask .*"))


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("Yes", Role.ALLOW_ONCE),
        ("Yes, and don\u2019t ask  again", Role.ALLOW_ALWAYS),
        ("Yes, please", None),
        ("Oh yes", None),
        ("", None),
    ],
)
def test_only_a_whole_label_has_a_meaning(label: str, role: Role | None) -> None:
    assert role_in(TABLE, plain(label)) is role
