from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from bot.commands.read import read
from tests.support.screens import SCREENS, golden_screens

BASH = SCREENS / "claude" / "bash_short_120.txt"
IDLE = SCREENS / "claude" / "idle_after_text_120.txt"


def documents(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def feed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_one_file_as_a_document(capsys: pytest.CaptureFixture[str]) -> None:
    assert read([BASH], "auto", False, True) == 0

    [document] = documents(capsys)
    assert (document["agent"], document["state"], document["subject"]) == (
        "claude",
        "approval",
        "rm -rf build",
    )


def test_several_files_are_documents_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert read([BASH, IDLE], "auto", False, False) == 0

    assert [document["state"] for document in documents(capsys)] == ["approval", "idle"]


def test_for_a_person(capsys: pytest.CaptureFixture[str]) -> None:
    assert read([BASH], "auto", False, False) == 0

    told = capsys.readouterr().out
    assert told.startswith("claude: approval\n")
    assert "> 1. Yes  (allow_once)" in told


def test_a_screen_on_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    feed(monkeypatch, BASH.read_text(encoding="utf-8"))

    assert read([], "auto", False, True) == 0
    assert documents(capsys)[0]["state"] == "approval"


def test_a_file_that_is_not_there(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert read([tmp_path / "none.txt", BASH], "auto", False, False) == 1

    out, err = capsys.readouterr()
    assert "none.txt: No such file" in err
    assert len(err.splitlines()) == 1
    assert json.loads(out)["state"] == "approval"


def test_bytes_that_are_no_text(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "screen"
    file.write_bytes(b"\xff\xfe\x00\x1b[")

    assert read([file], "auto", False, True) == 0
    assert documents(capsys)[0]["choices"] == []


def test_a_batch_with_pane_facts(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    screens = golden_screens("claude")[::20]
    lines = [{"screen": g.text, "pane": g.pane, "ansi": g.ansi} for g in screens]
    feed(monkeypatch, "\n".join(map(json.dumps, lines)))

    assert read([], "auto", True, True) == 0
    assert [d["state"] for d in documents(capsys)] == [g.expected["state"] for g in screens]


def test_a_bad_line_gives_one_error_and_the_rest_goes_on(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = [
        "{",
        "[]",
        '{"screen": 1}',
        '{"screen": "", "pane": {"dead": "x"}}',
        '{"screen": "", "agent": "x"}',
    ]
    feed(monkeypatch, "\n".join([*bad, "", '{"screen": "$"}']))

    assert read([], "auto", True, True) == 1
    told = documents(capsys)
    assert ["error" in document for document in told] == [True] * 5 + [False]
    assert told[0]["error"].startswith("line 1: ")


def test_an_agent_of_another_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert read([BASH], "nobody", False, False) == 2
    assert "claude" in capsys.readouterr().err
