"""Programs in the foreground that are never an agent, whatever stands on the screen."""

from __future__ import annotations

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
