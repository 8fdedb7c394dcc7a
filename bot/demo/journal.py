"""The log of a scripted agent: a JSON line per key and per effect, on disk before it is shown."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path


class Journal:
    """``at`` is the machine's monotonic clock, the same for every process."""

    def __init__(self, path: Path | None) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        self._file = os.open(path, flags, 0o600) if path else -1

    def write(
        self, event: str, *, dialog: str = "", reason: str = "", keys: bytes = b"", **more: object
    ) -> None:
        if self._file < 0:
            return
        line = {"at": time.monotonic(), "event": event, "dialog": dialog, "reason": reason}
        line |= {"keys": keys.hex(), **more}
        os.write(self._file, json.dumps(line, ensure_ascii=False).encode() + b"\n")
        os.fsync(self._file)
