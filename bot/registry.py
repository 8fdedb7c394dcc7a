"""Finds leaves: modules of a package that hold one constant of a given name."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from types import ModuleType
from typing import Any

from bot.core.errors import WingmanError


class BrokenLeaf(WingmanError):
    """A module that should register something does not."""


def _every(_name: str) -> bool:
    return True


def leaves(package: str, constant: str, wanted: Callable[[str], bool] = _every) -> dict[str, Any]:
    """Module name → its constant, by name. Raises BrokenLeaf, naming the module.

    A module that is not ``wanted`` is not loaded either: some bring a library that takes half a
    second."""
    root = importlib.import_module(package)
    found: dict[str, Any] = {}
    for module in sorted(pkgutil.iter_modules(root.__path__), key=lambda info: info.name):
        if module.name.startswith("_") or not wanted(module.name):
            continue
        loaded = _loaded(f"{package}.{module.name}")
        if not hasattr(loaded, constant):
            raise BrokenLeaf(f"{package}/{module.name}.py has no {constant}")
        found[module.name] = getattr(loaded, constant)
    return found


def _loaded(module: str) -> ModuleType:
    """Whoever writes a leaf has it half done more often than not."""
    try:
        return importlib.import_module(module)
    except (ImportError, SyntaxError, NameError, AttributeError, TypeError, ValueError) as error:
        file = f"{module.replace('.', '/')}.py"
        what = f"{type(error).__name__}: {error}"
        raise BrokenLeaf(f"{file} can't be loaded: {what}; mend it or take it out") from error
