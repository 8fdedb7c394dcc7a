"""A scripted agent: draws a script's prompts as the real agent does, and obeys keys as it does.

``python -m bot.demo.agent SCRIPT [--log FILE]``; standard library only.
"""

from __future__ import annotations

import argparse
import os
import select
import signal
import sys
import time
from pathlib import Path

from bot.demo.journal import Journal
from bot.demo.keys import KeyReader
from bot.demo.player import Player
from bot.demo.script import BadScript, load
from bot.demo.terminal import Terminal


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="agent", description=__doc__)
    parser.add_argument("script", type=Path)
    parser.add_argument("--log", type=Path, help="JSON lines of every key and effect")
    chosen = parser.parse_args(arguments)
    try:
        script = load(chosen.script)
    except (OSError, ValueError, BadScript) as problem:
        sys.stderr.write(f"{chosen.script}: {problem}\n")
        return 2
    if not (os.isatty(0) and os.isatty(1)):
        sys.stderr.write("a scripted agent needs a terminal\n")
        return 2
    journal = Journal(chosen.log)
    with Terminal("✳ Claude Code", fullscreen=script.fullscreen) as terminal:
        player = Player(script, journal)
        run(player, terminal)
        if player.farewell:
            terminal.leave_behind(player.farewell)
    return player.exit_code


def run(player: Player, terminal: Terminal) -> None:
    """Until the script or a key ends it."""
    reader = KeyReader()
    wake, resized = os.pipe()
    os.set_blocking(resized, False)
    signal.signal(signal.SIGWINCH, lambda *_: None)
    signal.set_wakeup_fd(resized, warn_on_full_buffer=False)
    while not player.over:
        player.advance(time.monotonic())
        settled, live, pinned = player.frame(terminal.width, terminal.height)
        terminal.show(settled, live, pinned=pinned)
        player.drawn(time.monotonic())
        ready, _, _ = select.select([0, wake], [], [], player.patience(time.monotonic()))
        if wake in ready:
            os.read(wake, 1024)
            terminal.measure()
        if 0 in ready:
            data = terminal.read()
            if not data:
                return
            for key in reader.feed(data):
                player.press(key, time.monotonic())


if __name__ == "__main__":
    sys.exit(main())
