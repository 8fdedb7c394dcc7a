from __future__ import annotations

import pytest

from bot.core.asked import address_in, argument_in, command_in, tool_call_in
from bot.core.panels import Panel


def panel(*content: str, header: tuple[str, ...] = (), framed: bool = True) -> Panel:
    return Panel(
        top=0,
        edge="─",
        title="",
        heading="",
        header=header,
        content=content,
        content_row=2,
        framed=framed,
        question="",
        body=(),
        width=80,
    )


def test_a_command_in_a_frame() -> None:
    assert command_in(panel(" npm test"), 1, None) == "npm test"
    assert command_in(panel(" │ set -e", " │   make"), 1, None) == "set -e\n  make"


def test_a_command_above_its_description() -> None:
    block = panel("", "   rm -rf build", "   Remove it", "", " This needs approval", framed=False)

    assert command_in(block, 1, None) == "rm -rf build"


def test_grey_tells_a_description_of_two_rows() -> None:
    block = panel("", "   make", "   Build it", "   at last", framed=False)
    ansi = ["", "", "", "   make", "   \x1b[38;5;246mBuild it", "   \x1b[38;5;246mat last"]

    assert command_in(block, 1, ansi) == "make"
    assert command_in(block, 1, None) == "make\nBuild it"


@pytest.mark.parametrize(
    "rows",
    [
        (" url: https://example.test/a", " prompt: Sum it up"),
        ("", '   url: "https://example.test/a", prompt: "Sum it up"'),
        (" url: https://exam", " ple.test/a", " prompt: Sum it up"),
    ],
)
def test_an_address(rows: tuple[str, ...]) -> None:
    assert address_in(panel(*rows)) == "https://example.test/a"


def test_an_argument() -> None:
    assert argument_in(panel(" Read(/etc/ho", " stname)"), "Read") == "/etc/hostname"
    assert argument_in(panel(" something else"), "Read") == "something else"


def test_tools_of_a_server() -> None:
    titled = panel(' to: "a"', header=(" tiny — Send Message Tool: (MCP)",))
    named = panel('   tiny - send_message(to: "a") (MCP)', "   Send it", framed=False)

    assert tool_call_in(titled) == (
        "mcp__tiny__send_message",
        'tiny — Send Message Tool: (MCP)\nto: "a"',
    )
    assert tool_call_in(named) == ("mcp__tiny__send_message", 'tiny - send_message(to: "a") (MCP)')
    assert tool_call_in(panel(' Web Search("tmux")')) == ("WebSearch", "tmux")
    assert tool_call_in(panel(" who knows")) == ("", "who knows")
