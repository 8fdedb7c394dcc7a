"""One setting is written; the rest of the file stays as it is."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from bot.commands.envfile import put
from bot.core.errors import WingmanError

NAME = "WINGMAN_TELEGRAM__TOKEN"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "T=1:a\n"),
        ("# mine\nA=1\n", "# mine\nA=1\nT=1:a\n"),
        ("A=1", "A=1\nT=1:a\n"),
        ("A=1\nT=old\nB=2\n", "A=1\nT=1:a\nB=2\n"),
        ("T=old\nB=2\nexport T = old\n", "T=1:a\nB=2\n"),
        ("#T=old\nTT=2\n", "#T=old\nTT=2\nT=1:a\n"),
        ("A=1\r\nT=old\r\n", "A=1\r\nT=1:a\r\n"),
        ("A='ü ✓'\n\n\n", "A='ü ✓'\n\n\nT=1:a\n"),
    ],
)
def test_other_lines_stay(tmp_path: Path, before: str, after: str) -> None:
    path = tmp_path / ".env"
    path.write_bytes(before.encode())
    for _ in range(2):
        put(path, "T", "1:a")
        assert path.read_bytes().decode() == after
    assert os.listdir(tmp_path) == [".env"]


def test_only_this_user_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "config" / "wingman" / ".env"
    put(path, NAME, "1:a")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    path.chmod(0o644)
    put(path, NAME, "1:b")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_link_stays_one(tmp_path: Path) -> None:
    kept = tmp_path / "dotfiles"
    kept.write_text("A=1\n")
    path = tmp_path / ".env"
    path.symlink_to(kept)
    put(path, "T", "1:a")
    assert path.is_symlink()
    assert kept.read_text() == "A=1\nT=1:a\n"


@pytest.mark.parametrize("content", [b"A=\xff\n", None], ids=["not UTF-8", "a folder"])
def test_what_can_not_be_written_stays_as_it_is(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / ".env"
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    with pytest.raises(WingmanError, match=r"\.env can't be written: "):
        put(path, "T", "1:a")
    assert path.is_dir() if content is None else path.read_bytes() == content
    assert os.listdir(tmp_path) == [".env"]


@pytest.mark.parametrize("value", ["", "a b", "1:a\nB=2", "$HOME", "'1:a'", "1#2"])
def test_a_value_that_would_need_quotes_is_a_mistake(tmp_path: Path, value: str) -> None:
    with pytest.raises(ValueError, match="quotes"):
        put(tmp_path / ".env", "T", value)
    assert os.listdir(tmp_path) == []
