"""Holds the code to the house rules; that each rule can fail is tried in test_house_rules.py."""

import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.support import house
from tests.support.house import Source

Rule = Callable[[Source], list[str]]

ROOT = Path(__file__).parents[1]
CODE = house.read(ROOT, "bot", "handlers")
TESTS = house.read(ROOT, "tests")

# Spelled in two halves, so that this file passes its own check.
FORBIDDEN_WORDS = [
    "/" + "work/",
    "pypi" + ".org",
    "python" + "hosted.org",
    "registry.npmjs" + ".org",
    "deb.debian" + ".org",
]


RULES: tuple[Rule, ...] = (
    house.long_files,
    house.long_functions,
    house.mocks,
    house.sleeps,
    house.globals_rebound,
    house.echo_docstrings,
    house.of_another_leaf,
)


@cache
def complaints() -> dict[Rule, list[str]]:
    """File by file: each is parsed once for all rules."""
    found: dict[Rule, list[str]] = {rule: [] for rule in (*RULES, house.vendors_out_of_place)}
    for source in CODE + TESTS:
        for rule in RULES:
            found[rule] += rule(source)
        if not source.path.startswith("tests/"):
            found[house.vendors_out_of_place] += house.vendors_out_of_place(source)
    return found


@pytest.mark.parametrize("rule", RULES)
def test_all_code_keeps_the_rule(rule: Rule) -> None:
    assert complaints()[rule] == []


def test_every_source_file_has_its_test() -> None:
    assert house.without_mirror(CODE, TESTS) == []


def test_vendors_stay_in_their_files() -> None:
    assert complaints()[house.vendors_out_of_place] == []


def test_handlers_import_only_the_api() -> None:
    handlers = [source for source in CODE if source.path.startswith("handlers/")]
    assert [c for source in handlers for c in house.more_than_the_api(source)] == []


def test_the_hook_imports_only_the_standard_library() -> None:
    hook = [source for source in CODE if source.path == "bot/hook.py"]
    assert [c for source in hook for c in house.outside_of(sys.stdlib_module_names, source)] == []


def test_at_most_three_broad_excepts() -> None:
    found = [c for source in CODE + TESTS for c in house.broad_excepts(source)]
    assert len(found) <= 3, found


def test_no_file_names_a_machine_or_a_package_host() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    names = [
        name for name in listed.stdout.decode().split("\0") if name and "/vendor/" not in name
    ]
    complaints = []
    for name in names:
        if (ROOT / name).is_file():
            text = (ROOT / name).read_text(encoding="utf-8", errors="replace")
            complaints += house.forbidden_words(name, text, FORBIDDEN_WORDS)
    assert complaints == []
