"""Files on disk: private, whole, never written over."""

from __future__ import annotations

import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.adapters.shelf import DiskShelf
from bot.core.errors import WingmanError
from bot.ports.shelf import Shelf

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def content_and_mode(path: Path) -> tuple[bytes, int]:
    return path.read_bytes(), mode_of(path)


async def test_it_is_there_and_nobody_else_can_read_it(tmp_path: Path) -> None:
    shelf: Shelf = DiskShelf(tmp_path / "files")
    path = Path(await shelf.put("shop", "photo-1.jpg", b"\x00\xff"))
    assert path == tmp_path / "files" / "shop" / "photo-1.jpg"
    assert content_and_mode(path) == (b"\x00\xff", 0o600)
    assert [mode_of(folder) for folder in (path.parent, path.parent.parent)] == [0o700, 0o700]
    assert list(path.parent.iterdir()) == [path]


async def test_what_is_there_is_never_written_over(tmp_path: Path) -> None:
    shelf = DiskShelf(tmp_path)
    first = await shelf.put("shop", "a.txt", b"one")
    assert await shelf.put("shop", "a.txt", b"two") == first
    assert content_and_mode(Path(first))[0] == b"one"


@pytest.mark.parametrize("word", ["", ".", "..", "a/b", ".hidden", "/etc"])
async def test_only_plain_names(tmp_path: Path, word: str) -> None:
    with pytest.raises(ValueError, match="not a plain name"):
        await DiskShelf(tmp_path).put("shop", word, b"")
    with pytest.raises(ValueError, match="not a plain name"):
        await DiskShelf(tmp_path).put(word, "a.txt", b"")


async def test_a_disk_that_does_not_take_it_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "shop").write_text("in the way")
    with pytest.raises(WingmanError, match=r"the file cannot be kept: .*shop"):
        await DiskShelf(tmp_path).put("shop", "a.txt", b"")


def aged(path: str, at: datetime) -> Path:
    os.utime(path, (at.timestamp(), at.timestamp()))
    return Path(path)


async def test_old_files_go_and_with_the_last_one_their_folder(tmp_path: Path) -> None:
    shelf = DiskShelf(tmp_path / "files")
    assert await shelf.prune(NOW, ()) == 0
    old = aged(await shelf.put("shop", "old.txt", b"1"), NOW - timedelta(seconds=1))
    needed = aged(await shelf.put("api", "needed.txt", b"1"), NOW - timedelta(seconds=1))
    young = aged(await shelf.put("api", "young.txt", b"1"), NOW)
    assert await shelf.prune(NOW, (str(needed),)) == 1
    assert not old.parent.exists()
    assert sorted(needed.parent.iterdir()) == [needed, young]


async def test_what_was_never_whole_goes_and_what_others_put_there_stays(tmp_path: Path) -> None:
    shelf = DiskShelf(tmp_path / "files")
    whole = aged(await shelf.put("shop", "a.txt", b"1"), NOW)
    (whole.parent / ".incoming-x1").write_bytes(b"ha")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    theirs = elsewhere / "theirs.txt"
    theirs.touch()
    (tmp_path / "files" / "link").symlink_to(elsewhere)
    folder = whole.parent / "folder"
    folder.mkdir()
    aged(str(folder), NOW - timedelta(days=1))
    with capture_logs() as logs:
        assert await shelf.prune(NOW, ()) == 0
    assert sorted(whole.parent.iterdir()) == [whole, folder]
    assert theirs.exists()
    assert [entry["file"] for entry in logs] == [str(folder)]
