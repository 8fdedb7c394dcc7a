import os
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
