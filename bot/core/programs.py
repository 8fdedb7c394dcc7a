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


def may_run(pane: PaneFacts, processes: Container[str], titles: str = "", hosts: str = "") -> bool:
    """Whether an agent of these programs may be in the foreground: under another name, as behind
    a wrapper or ssh, by a title that only it sets, or as an interpreter.

    ``titles``, ``hosts``: regular expressions, as in an ``AgentSpec``; empty: none."""
    if not pane.command or pane.command in processes:
        return True
    told = ((titles, pane.title), (hosts, pane.command))
    hidden = any(pattern and re.fullmatch(pattern, text) for pattern, text in told)
    return hidden and pane.command not in SHELLS | VIEWERS
