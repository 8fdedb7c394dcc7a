"""What an agent asks leave for, as its dialog prints it: a command, a file, an address, a call."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.core.layout import indent, rejoin, trimmed
from bot.core.panels import Panel, flowed, unbarred
from bot.core.sgr import starts_grey

_ADDRESS = re.compile(r'url: (?:"(?P<quoted>.*?)", |(?P<plain>.*?) )prompt: ')
_SEARCH = re.compile(r'Web Search\("(.*?)"\)')
_TITLED = re.compile(r"(?P<server>.+?) — (?P<tool>.+?)(?: Tool:)? \(MCP\)")
_NAMED = re.compile(r"(?P<server>.+?) - (?P<tool>[\w-]+)\(.*\) \(MCP\)", re.DOTALL)


def command_in(panel: Panel, column: int, ansi: Sequence[str] | None) -> str:
    """A shell command. In a frame it stands alone; else its description, in grey, ends the block.

    Without colours only the last row counts as description, so that no part of a command can be
    taken for one."""
    if panel.framed:
        barred = any(row.startswith(" │") for row in panel.content)
        return rejoin(unbarred(panel.content), panel.width - (4 if barred else 2))
    block = list(panel.content)
    for at, row in enumerate(block):
        if row.strip() and indent(row) <= column:
            del block[at:]
            break
    while block and not block[-1].strip():
        block.pop()
    command = block[: _description(block, panel.content_row, ansi)]
    return rejoin(unbarred(trimmed(command)), panel.width - 6)


def looks_like_command(panel: Panel, footer: str) -> bool:
    """A command so tall that its dialog's title is off the screen."""
    if panel.top is not None:
        return False
    barred = bool(panel.content) and panel.content[-1].startswith(" │ ")
    return (panel.framed and barred) or "ctrl+e to explain" in footer


def _description(block: Sequence[str], start: int, ansi: Sequence[str] | None) -> int:
    """Where the description begins: the end of the block when it is all there is."""
    cut = len(block) - 1
    if ansi is not None:
        grey = [starts_grey(row) for row in ansi[start : start + len(block)]]
        while cut > 1 and cut <= len(grey) and (grey[cut - 1] or not block[cut - 1].strip()):
            cut -= 1
    return cut if cut > 0 and any(row.strip() for row in block[:cut]) else len(block)


def argument_in(panel: Panel, name: str) -> str:
    """What stands in the parentheses of ``Name(…)``."""
    text = "".join(row.strip() for row in panel.content)
    if text.startswith(f"{name}(") and text.endswith(")"):
        return text[len(name) + 1 : -1]
    return flowed(panel.content, panel.width)


def address_in(panel: Panel) -> str:
    found = _ADDRESS.search("".join(row.strip() + " " for row in panel.content))
    if found is None:
        return flowed(panel.content, panel.width)
    return (found.group("quoted") or found.group("plain") or "").replace(" ", "")


def tool_call_in(panel: Panel) -> tuple[str, str]:
    """The tool and its call. A server's tool is called ``mcp__server__tool``; where the agent
    prints a title in the place of its name (Claude Code 2.1.329), that is a guess."""
    text = flowed(panel.content, panel.width)
    if search := _SEARCH.match(text):
        return "WebSearch", search.group(1)
    if titled := _TITLED.match(flowed(panel.header, panel.width)):
        slug = "_".join(titled.group("tool").lower().split())
        arguments = rejoin([row[1:] for row in panel.content], panel.width - 2)
        return f"mcp__{titled.group('server')}__{slug}", f"{titled.group()}\n{arguments}"
    if named := _NAMED.match(text):
        return f"mcp__{named.group('server')}__{named.group('tool')}", named.group()
    return "", text
