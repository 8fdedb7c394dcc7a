import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.adapters.accounts import GROWN, LONGEST, DiskAccounts


async def test_a_file_is_read_as_far_as_it_makes_sense(tmp_path: Path) -> None:
    file = tmp_path / "1.json"
    file.write_bytes(b'{"status":"\xff' + b"x" * LONGEST)
    text = await DiskAccounts().read(str(file))
    assert text.startswith('{"status":"\ufffd')
    assert len(text) <= LONGEST


async def test_no_file_is_no_text(tmp_path: Path) -> None:
    assert await DiskAccounts().read(str(tmp_path / "none")) == ""
    assert await DiskAccounts().read("\0") == ""


async def test_what_has_grown_is_read_from_there(tmp_path: Path) -> None:
    file = tmp_path / "c0ffee.jsonl"
    file.write_bytes(b"before\n")
    accounts = DiskAccounts()
    size = await accounts.size(str(file))
    assert await accounts.since(str(file), size) == ""
    with file.open("ab") as end:
        end.write(b"now\n")
    assert await accounts.since(str(file), size) == "now\n"
    file.write_bytes(b"x" * GROWN + b"end")
    assert len(await accounts.since(str(file), 0)) == GROWN
    assert (await accounts.since(str(file), 0)).endswith("end")


async def test_what_is_no_file_has_not_grown(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in ("none", "pipe", "\0", ""):
        assert await DiskAccounts().size(str(tmp_path / path)) >= 0
        assert await DiskAccounts().since(str(tmp_path / path), 0) == ""


async def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert await DiskAccounts().read(str(tmp_path / "pipe")) == ""


@contextmanager
def child(program: str) -> Iterator[subprocess.Popen[bytes]]:
    environment = {"HOME": "/home/dev", "SECRET": "x"}
    command = [sys.executable, "-c", program, "--flag"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, env=environment) as process:
        yield process


WAITS = "import sys; sys.stdin.read()"


def test_who_runs_below_a_process_and_with_which_of_the_wanted_variables() -> None:
    with child(WAITS) as below:
        family = asyncio.run(DiskAccounts().family(os.getpid(), {"HOME", "NONE"}))
        again = asyncio.run(DiskAccounts().family(below.pid, set()))
    found = next(one for one in family if one.pid == below.pid)
    assert family[0].pid == os.getpid()
    assert found.environment == {"HOME": "/home/dev"}
    assert found.arguments[1:] == ("-c", WAITS, "--flag")
    assert found.begun.isdigit()
    assert [(one.pid, one.environment) for one in again] == [(below.pid, {})]


def test_a_process_that_has_ended_has_no_family() -> None:
    with child("") as below:
        below.wait(10)
    assert asyncio.run(DiskAccounts().family(below.pid, {"HOME"})) == []


async def test_the_files_of_a_folder_that_were_written_last(tmp_path: Path) -> None:
    for at, name in enumerate(["old", "new", "mid"]):
        (tmp_path / name).write_text("x")
        os.utime(tmp_path / name, (at % 2 * 100, at % 2 * 100 + at))
    (tmp_path / "below").mkdir()
    found = await DiskAccounts().newest(str(tmp_path), 2)
    assert [Path(path).name for path in found] == ["new", "mid"]
    assert await DiskAccounts().newest(str(tmp_path / "none"), 2) == []
