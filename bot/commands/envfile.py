"""Writing one setting into a file of settings."""

from __future__ import annotations

import re
from pathlib import Path

from bot.commands.files import replace
from bot.core.errors import WingmanError

_PLAIN = re.compile(r"[A-Za-z0-9_:.@/+-]+")


def put(path: Path, name: str, value: str) -> None:
    """Every other line stays as it is. Afterwards only this user can read the file. It is the old
    one or the new one, whenever the program ends. Raises WingmanError."""
    if not _PLAIN.fullmatch(value):
        raise ValueError(f"{name} would need quotes, which readers of such files do not agree on")
    # A link, as some keep their settings elsewhere, stays a link.
    path = path.resolve()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace(path, _with(_read(path), name, value))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise WingmanError(f"{path} can't be written: {reason or error}") from None


def _read(path: Path) -> str:
    try:
        # As bytes: line ends stay what they are.
        return path.read_bytes().decode()
    except FileNotFoundError:
        return ""


def _with(text: str, name: str, value: str) -> str:
    """In the place of the first line that sets it; further ones go."""
    sets_it = re.compile(rf"\s*(?:export\s+)?{re.escape(name)}\s*=")
    lines = text.splitlines(keepends=True)
    end = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
    new = f"{name}={value}{end}"
    kept: list[str] = []
    for line in lines:
        if not sets_it.match(line):
            kept.append(line)
        elif new not in kept:
            kept.append(new)
    if new not in kept:
        if kept and not kept[-1].endswith("\n"):
            kept[-1] += end
        kept.append(new)
    return "".join(kept)
