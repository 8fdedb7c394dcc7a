from __future__ import annotations

import json
from pathlib import Path

from bot.demo.journal import Journal


def test_every_line_is_on_disk_at_once(tmp_path: Path) -> None:
    path = tmp_path / "log"
    journal = Journal(path)
    assert path.exists()
    journal.write("key", dialog="d", keys=b"\x1b[A", taken=True)
    journal.write("denied", reason="nö")
    first, second = (json.loads(line) for line in path.read_text("utf-8").splitlines())
    assert (first["event"], first["dialog"], first["keys"]) == ("key", "d", "1b5b41")
    assert second["reason"] == "nö"
    assert first["at"] <= second["at"]
    assert path.stat().st_mode & 0o77 == 0


def test_without_a_file_nothing_is_written() -> None:
    Journal(None).write("key")
