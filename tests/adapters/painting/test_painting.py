"""Pictures are drawn beside the loop, and what draws them is not there before the first."""

import asyncio
import subprocess
import sys

from bot.adapters.painting import ThreadPainter
from bot.core.screen import Screen

SCREEN = Screen(("hello",))


async def test_both_kinds() -> None:
    painter = ThreadPainter()
    drawn, written = await asyncio.gather(
        painter.paint(SCREEN, "png"), painter.paint(SCREEN, "svg")
    )
    assert drawn.startswith(b"\x89PNG")
    assert b">hello</text>" in written


def test_a_gateway_that_draws_nothing_does_not_load_pillow() -> None:
    code = (
        "import sys, bot.app; from bot.adapters.painting import svg; print('PIL' in sys.modules)"
    )
    argv = [sys.executable, "-c", code]
    done = subprocess.run(argv, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "False\n"
