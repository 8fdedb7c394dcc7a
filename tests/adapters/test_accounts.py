from pathlib import Path

from bot.adapters.accounts import LONGEST, DiskAccounts


async def test_a_file_is_read_as_far_as_it_makes_sense(tmp_path: Path) -> None:
    file = tmp_path / "1.json"
    file.write_bytes(b'{"status":"\xff' + b"x" * LONGEST)
    text = await DiskAccounts().read(str(file))
    assert text.startswith('{"status":"\ufffd')
    assert len(text) <= LONGEST


async def test_no_file_is_no_text(tmp_path: Path) -> None:
    assert await DiskAccounts().read(str(tmp_path / "none")) == ""
    assert await DiskAccounts().read("\0") == ""
