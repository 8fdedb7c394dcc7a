from __future__ import annotations

from bot.core.programs import SHELLS, VIEWERS


def test_a_program_is_a_shell_or_a_viewer() -> None:
    assert not SHELLS & VIEWERS
    assert {"bash", "zsh", "fish"} <= SHELLS
    assert {"less", "vim", "cat"} <= VIEWERS
