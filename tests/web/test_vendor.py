"""What others wrote is shipped unchanged, beside its licence, and everything there is listed."""

import hashlib
import json
from pathlib import Path

VENDOR = Path(__file__).parents[2] / "bot/web/static/vendor"
MANIFEST = json.loads((VENDOR / "manifest.json").read_text())


def test_every_file_is_the_one_that_was_taken() -> None:
    for entry in MANIFEST:
        for name, expected in entry["files"].items():
            assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == expected, name


def test_every_file_is_listed_and_every_folder_has_a_licence() -> None:
    listed = {name for entry in MANIFEST for name in entry["files"]}
    there = {
        file.relative_to(VENDOR).as_posix() for file in VENDOR.rglob("*") if file.is_file()
    } - {"manifest.json"}
    assert there == listed
    for folder in {Path(name).parent for name in listed}:
        assert (VENDOR / folder / "LICENSE").is_file()


def test_the_list_for_people_agrees() -> None:
    text = (Path(__file__).parents[2] / "THIRD_PARTY.md").read_text()
    for entry in MANIFEST:
        assert entry["version"] in text
        for name, digest in entry["files"].items():
            assert "LICENSE" in name or digest in text
