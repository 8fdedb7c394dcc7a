"""Programs in the foreground that are never an agent, whatever stands on the screen."""

from __future__ import annotations

import re
from collections.abc import Container

from bot.core.screen import PaneFacts

SHELLS = frozenset(
    {"bash", "zsh", "sh", "dash", "fish", "ksh", "mksh", "tcsh", "csh", "ash", "nu", "xonsh"}
)
VIEWERS = frozenset(
    {
        "less",
        "more",
        "most",
        "man",
        "cat",
        "bat",
        "tail",
        "watch",
        "vi",
        "vim",
        "nvim",
        "nano",
        "emacs",
    }
)
"""What they show is somebody's text, never a question to answer."""


def may_run(pane: PaneFacts, processes: Container[str], titles: str) -> bool:
    """Whether an agent of these programs may be in the foreground: under another name, as behind
    a wrapper or ssh, by a title that only it sets. ``titles``: a regular expression."""
    if not pane.command or pane.command in processes:
        return True
    return bool(re.fullmatch(titles, pane.title)) and pane.command not in SHELLS | VIEWERS
