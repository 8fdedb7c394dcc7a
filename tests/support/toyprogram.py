"""The toy agent in a terminal of its own: ``python -m tests.support.toyprogram FOLDER``.

It asks as soon as there is a file ``ask``, and writes down each key with what stood there."""

from __future__ import annotations

import json
import os
import re
import select
import sys
import tty
from pathlib import Path

from tests.support.toy import ToyAgent

_KEYS = re.compile(rb"\x1b\[200~(?P<paste>.*?)\x1b\[201~|\x1b\[[A-Z]|.", re.DOTALL)
GREETING = "\x1b[?2004h"
CLEAN = "\x1b[H\x1b[2J"


def main() -> None:
    folder = Path(sys.argv[1])
    agent = ToyAgent(draft=sys.argv[2])
    tty.setraw(0)
    os.write(1, GREETING.encode())
    draw(agent)
    while True:
        if select.select([0], [], [], 0.01)[0]:
            for found in _KEYS.finditer(os.read(0, 65536)):
                takes(agent, found, folder)
            draw(agent)
        if (folder / "ask").exists():
            (folder / "ask").unlink()
            agent.ask("rm -rf /")
            draw(agent)


def takes(agent: ToyAgent, found: re.Match[bytes], folder: Path) -> None:
    pasted = found["paste"]
    data = found[0] if pasted is None else pasted
    row = {"key": data.decode(), "dialog": bool(agent.asks), "pasted": pasted is not None}
    agent.feed(data, paste=pasted is not None)
    row |= {"done": agent.done, "said": agent.said, "draft": agent.draft}
    with (folder / "keys.jsonl").open("a") as log:
        log.write(json.dumps(row) + "\n")


def draw(agent: ToyAgent) -> None:
    os.write(1, (CLEAN + "\r\n".join(agent.screen())).encode())


if __name__ == "__main__":
    main()
