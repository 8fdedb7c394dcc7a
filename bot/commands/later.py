"""What the interface names and this version does not have yet."""

from __future__ import annotations

import sys


def not_yet(name: str) -> int:
    print(f"wingman: {name} is not in this version", file=sys.stderr)  # noqa: T201
    return 1
