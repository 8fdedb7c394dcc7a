"""The database file as a file."""

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from bot.adapters.store.place import APPLICATION_ID, Place
from bot.core.errors import StoreUnusable


def test_is_made_for_its_owner_only_and_marked_as_ours(tmp_path: Path) -> None:
    place = Place.at(tmp_path / "wingman.db")
    assert stat.S_IMODE(place.path.stat().st_mode) == 0o600
    with closing(sqlite3.connect(place.path)) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert [path.name for path in tmp_path.iterdir()] == ["wingman.db"]


def test_a_file_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "wingman.db"
    path.write_bytes(b"x" * 200)
    Place.at(path)
    assert path.read_bytes() == b"x" * 200


def test_a_file_that_others_may_read_is_closed_to_them(tmp_path: Path) -> None:
    path = Place.at(tmp_path / "wingman.db").path
    path.chmod(0o644)
    Place.at(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_relative_path_stays_the_same_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    place = Place.at(Path("wingman.db"))
    monkeypatch.chdir("/")
    place.check()
    assert place.path == tmp_path / "wingman.db"


def test_is_not_made_for_those_who_only_read(tmp_path: Path) -> None:
    with pytest.raises(StoreUnusable, match="No such file"):
        Place.at(tmp_path / "wingman.db", create=False)
    assert list(tmp_path.iterdir()) == []


def test_notices_when_the_file_is_gone_or_another_one(tmp_path: Path) -> None:
    place = Place.at(tmp_path / "wingman.db")
    place.check()
    place.path.rename(tmp_path / "aside.db")
    with pytest.raises(StoreUnusable, match="deleted or replaced"):
        place.check()
    Place.at(place.path)
    with pytest.raises(StoreUnusable, match="deleted or replaced"):
        place.check()
    (tmp_path / "aside.db").rename(place.path)
    place.check()
