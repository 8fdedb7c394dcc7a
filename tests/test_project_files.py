"""pyproject.toml, the lock files and the page that gives each dependency its reason agree."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DEPLOY = ROOT / "deploy"


def declared(group: str | None = None) -> list[Requirement]:
    entries = PROJECT["dependency-groups"][group] if group else PROJECT["project"]["dependencies"]
    return [Requirement(entry) for entry in entries if isinstance(entry, str)]


def listed_under(heading: str) -> set[str]:
    page = (ROOT / "docs/reference/dependencies.md").read_text(encoding="utf-8")
    section = page.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = re.findall(r"^\| `([^`]+)` \| (.+?) \|$", section, re.MULTILINE)
    assert all(len(reason.split()) >= 3 for _, reason in rows), "a reason is a sentence"
    return {canonicalize_name(name) for name, _ in rows}


def locked(name: str) -> dict[str, str]:
    text = (DEPLOY / name).read_text(encoding="utf-8")
    pins = re.findall(r"^([a-z0-9-]+)(?:\[[a-z,]+\])?==([^ ;]+)", text, re.MULTILINE)
    return dict(pins)


@pytest.mark.parametrize(
    ("heading", "groups"),
    [
        ("To run", [None]),
        ("To build", ["build"]),
        ("To develop", ["dev"]),
        ("To check against", ["oracles"]),
    ],
)
def test_every_dependency_has_a_reason_on_its_page(heading: str, groups: list[str | None]) -> None:
    names = {canonicalize_name(item.name) for group in groups for item in declared(group)}
    assert listed_under(heading) == names


@pytest.mark.parametrize(
    ("lock", "groups"),
    [
        ("requirements.lock", [None, "build"]),
        ("requirements-dev.lock", [None, "build", "dev"]),
        ("requirements-oracles.lock", ["oracles"]),
    ],
)
def test_lock_holds_what_the_project_declares(lock: str, groups: list[str | None]) -> None:
    """After a change of the dependencies: `sh deploy/lock.sh`."""
    pins = locked(lock)
    wanted = [item for group in groups for item in declared(group)]
    assert [str(item) for item in wanted if not is_pinned(item, pins)] == []


def is_pinned(item: Requirement, pins: dict[str, str]) -> bool:
    version = pins.get(canonicalize_name(item.name))
    return version is not None and item.specifier.contains(version)


def test_running_is_a_part_of_developing() -> None:
    assert locked("requirements.lock").items() <= locked("requirements-dev.lock").items()


@pytest.mark.parametrize("lock", sorted(DEPLOY.glob("*.lock")), ids=lambda path: path.name)
def test_lock_pins_hashes_and_names_no_index(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    pins = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert pins
    assert [pin.splitlines()[0] for pin in pins if "--hash=sha256:" not in pin] == []
    assert "://" not in text
    assert not re.search(r"^--", text, re.MULTILINE)


def test_upper_bounds_have_a_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    capped = [
        line
        for line in text.splitlines()
        if re.match(r'\s+"[^"]*[<~!][^"]*",', line) and "=" in line
    ]
    assert [line for line in capped if "#" not in line] == []
