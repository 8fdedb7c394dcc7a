from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.commands.jsonfile import JsonFile
from bot.core.errors import WingmanError

THEIRS = '{\n    "model": "opus",  "env": {"LANG": "ü"}\n}'


def added(document: dict[str, Any]) -> dict[str, Any]:
    return {**document, "ours": [1]}


def taken(document: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key != "ours"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "settings.json"


@pytest.fixture
def file(path: Path, tmp_path: Path) -> JsonFile:
    return JsonFile(path, tmp_path / "kept")


def given(path: Path, text: str, mode: int = 0o644) -> None:
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)


def test_a_change_keeps_the_rest_its_indent_and_its_mode(file: JsonFile, path: Path) -> None:
    given(path, THEIRS, 0o640)

    assert file.change(added)

    text = path.read_text(encoding="utf-8")
    assert json.loads(text) == {"model": "opus", "env": {"LANG": "ü"}, "ours": [1]}
    assert text.startswith('{\n    "model"')
    assert "ü" in text
    assert not text.endswith("\n")
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    "odd",
    [
        '\ufeff{"model": "opus"}',
        '{\r\n\t"model": "opus"\r\n}\r\n',
        '{"half": "\\ud83d", "whole": "\\ud83d\\ude00"}',
        '{"n": 1.50, "big": 123456789012345678901234567890, "deep": [[[{}]]]}',
    ],
)
def test_odd_content_stays_what_it_means_and_comes_back_as_it_was(
    file: JsonFile, path: Path, odd: str
) -> None:
    given(path, "")
    path.write_bytes(odd.encode())

    assert file.change(added)

    text = path.read_bytes().decode()
    assert file.read() == {**json.loads(odd.removeprefix("\ufeff")), "ours": [1]}
    assert text.startswith("\ufeff") == odd.startswith("\ufeff")
    assert (text.count("\r\n") == text.count("\n")) == ("\r" in odd)
    assert file.undo(taken)
    assert path.read_bytes() == odd.encode()


def test_undoing_gives_the_very_same_bytes_back(file: JsonFile, path: Path) -> None:
    given(path, THEIRS)
    file.change(added)
    file.change(lambda document: {**document, "ours": [1, 2]})

    assert file.undo(taken)

    assert path.read_bytes() == THEIRS.encode()
    assert not file.undo(taken)


def test_what_others_wrote_meanwhile_stays(file: JsonFile, path: Path) -> None:
    given(path, THEIRS)
    file.change(added)
    path.write_text(path.read_text(encoding="utf-8").replace("opus", "haiku"), encoding="utf-8")

    assert file.undo(taken)

    assert file.read() == {"model": "haiku", "env": {"LANG": "ü"}}


def test_a_change_after_somebody_elses_remembers_theirs(file: JsonFile, path: Path) -> None:
    given(path, THEIRS)
    file.change(added)
    file.undo(taken)
    path.write_text('{"model": "haiku"}', encoding="utf-8")
    file.change(added)

    assert file.undo(taken)

    assert path.read_bytes() == b'{"model": "haiku"}'


def test_a_file_that_only_we_made_goes(file: JsonFile, path: Path) -> None:
    assert file.change(added)
    assert path.stat().st_mode & 0o777 == 0o600

    assert file.undo(taken)
    assert not path.exists()


def test_a_file_that_we_made_and_others_use_stays(file: JsonFile, path: Path) -> None:
    file.change(added)
    path.write_text('{"ours": [1], "theme": "dark"}', encoding="utf-8")

    assert file.undo(taken)
    assert file.read() == {"theme": "dark"}


def test_a_file_that_we_made_and_others_emptied_goes(file: JsonFile, path: Path) -> None:
    file.change(added)
    path.write_text('{"ours": [1] }', encoding="utf-8")

    assert file.undo(taken)
    assert not path.exists()


def test_no_change_writes_nothing(file: JsonFile, path: Path) -> None:
    given(path, THEIRS)
    before = path.stat().st_mtime_ns

    assert not file.change(taken)
    assert path.stat().st_mtime_ns == before


def test_a_link_stays_a_link(file: JsonFile, path: Path, tmp_path: Path) -> None:
    given(path, THEIRS)
    link = tmp_path / "link.json"
    link.symlink_to(path)

    assert JsonFile(link, tmp_path / "kept").change(added)

    assert link.is_symlink()
    assert file.read()["ours"] == [1]


def test_an_empty_file_counts_as_empty_settings(file: JsonFile, path: Path) -> None:
    given(path, "")

    assert file.change(added)
    assert file.read() == {"ours": [1]}
    assert file.undo(taken)
    assert path.read_bytes() == b""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b'{"a": 1,}', "not valid JSON"),
        (b'// mine\n{"a": 1}', "not valid JSON"),
        (b'{"a": NaN}', "NaN is no JSON"),
        (b'{"a": 1e400}', "1e400 is too large a number"),
        (b'{"b": {"a": 1, "a": 2}}', r'it has "a" twice'),
        (b"[" * 200_000, "not valid JSON"),
        (b"[1]", "no JSON object"),
        (b"\xff", "not UTF-8"),
    ],
)
def test_what_cannot_be_read_is_left_alone(
    file: JsonFile, path: Path, text: bytes, said: str
) -> None:
    path.parent.mkdir()
    path.write_bytes(text)

    with pytest.raises(WingmanError, match=f"{said}.*nothing was changed"):
        file.change(added)

    assert path.read_bytes() == text


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(WingmanError, match=r"Not a directory; nothing was changed"):
        JsonFile(tmp_path / "file" / "settings.json", tmp_path / "kept").change(added)


def test_a_spoilt_note_of_ours_is_no_reason_to_fail(
    file: JsonFile, path: Path, tmp_path: Path
) -> None:
    given(path, THEIRS)
    file.change(added)
    for note in (tmp_path / "kept").iterdir():
        note.write_text("{")

    assert file.undo(taken)
    assert file.read() == json.loads(THEIRS)
