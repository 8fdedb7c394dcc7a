from __future__ import annotations

from pathlib import Path

import pytest

from bot.commands.files import replace


def test_a_file_is_replaced_whole_and_private(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("old")

    replace(path, "new\r\n")

    assert path.read_bytes() == b"new\r\n"
    assert path.stat().st_mode & 0o777 == 0o600


def test_another_mode_is_kept_when_asked_for(tmp_path: Path) -> None:
    replace(tmp_path / "a", "x", 0o644)

    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o644


def test_a_failure_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()

    with pytest.raises(OSError, match="directory"):
        replace(tmp_path / "taken", "x")

    assert [path.name for path in tmp_path.iterdir()] == ["taken"]
