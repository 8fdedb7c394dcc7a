"""A notice on a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

_LINE_STYLES = {"+": "green", "-": "red"}
_PART_STYLES = {"code": "cyan", "quote": "italic", "table": "", "text": ""}
_INDENT = (0, 0, 0, 2)


def harmless(text: str) -> str:
    """Without control characters: no text of an agent's may move this terminal's cursor."""
    return "".join(c if c in "\n\t" or unicodedata.category(c) != "Cc" else "\ufffd" for c in text)


def notice(document: Mapping[str, Any], *, brief: bool = False) -> RenderableType:
    """``brief`` leaves out everything but the title."""
    lines: list[RenderableType] = [Text(harmless(document["title"]), "bold")]
    if not brief:
        lines += [Padding(_part(part), _INDENT) for part in document["parts"]]
        lines += [Padding(_file(file), _INDENT) for file in document.get("attachments", ())]
        footer = _commands(document) or document["footer"]
        if footer:
            lines.append(Padding(Text(harmless(footer), "dim"), _INDENT))
    return Group(*lines)


def _file(file: Mapping[str, Any]) -> Text:
    where = "in the browser: wingman link" if file["url"] else "not shown here"
    return Text(f"📎 {harmless(file['name'])} ({size(file['size'])}, {where})", "cyan")


def size(number: int) -> str:
    """``812 bytes``, ``34 kB``."""
    return f"{number} bytes" if number < 1000 else f"{round(number / 1000)} kB"


def _part(part: Mapping[str, Any]) -> Text:
    text = harmless(part["text"])
    if part["style"] != "diff":
        return Text(text, _PART_STYLES.get(part["style"], ""))
    shown = Text()
    for line in text.splitlines(keepends=True):
        sign = line.lstrip(" 0123456789")[:1]
        shown.append(line, _LINE_STYLES.get(sign, ""))
    return shown


def _commands(document: Mapping[str, Any]) -> str:
    return "  ".join(f"• {button['command']}" for button in document["buttons"])
