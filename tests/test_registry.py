import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.registry import BrokenLeaf, leaves

Package = Callable[..., str]


@pytest.fixture
def package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Package:
    """Makes a package of those modules, forgotten afterwards."""
    name = f"leaves_of_{abs(hash(request.node.name))}"

    def make(**modules: str) -> str:
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("")
        for module, text in modules.items():
            (tmp_path / name / f"{module}.py").write_text(text)
        monkeypatch.syspath_prepend(str(tmp_path))
        for module in [known for known in sys.modules if known.startswith(name)]:
            monkeypatch.delitem(sys.modules, module)
        return name

    return make


def test_a_leaf_is_added_by_adding_a_file(package: Package) -> None:
    name = package(beta="AGENT = 2", alpha="AGENT = 1")
    assert list(leaves(name, "AGENT").items()) == [("alpha", 1), ("beta", 2)]


def test_a_file_with_an_underscore_is_no_leaf(package: Package) -> None:
    assert leaves(package(_shared="", alpha="AGENT = 1"), "AGENT") == {"alpha": 1}


def test_what_is_not_wanted_is_not_loaded(package: Package) -> None:
    name = package(alpha="AGENT = 1", slow="raise AssertionError")
    assert leaves(name, "AGENT", lambda leaf: leaf != "slow") == {"alpha": 1}


def test_no_leaves(package: Package) -> None:
    assert leaves(package(), "AGENT") == {}


def test_a_file_that_registers_nothing_is_named(package: Package) -> None:
    name = package(alpha="AGENT = 1", broken="AGNET = 2")
    with pytest.raises(BrokenLeaf, match=rf"{name}/broken.py has no AGENT"):
        leaves(name, "AGENT")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("def half(", "SyntaxError"),
        ("import bot.agents._not_there", "ModuleNotFoundError"),
        ("AGENT = Agent()", "NameError"),
    ],
)
def test_a_file_that_is_half_done_is_named(package: Package, text: str, what: str) -> None:
    name = package(alpha="AGENT = 1", broken=text)
    with pytest.raises(BrokenLeaf, match=rf"{name}/broken.py can't be loaded: {what}: "):
        leaves(name, "AGENT")


def test_a_leaf_may_say_none(package: Package) -> None:
    assert leaves(package(off="AGENT = None"), "AGENT") == {"off": None}


def test_our_own_commands_are_found() -> None:
    assert {"approve", "always", "deny"} <= set(leaves("handlers", "COMMAND"))
