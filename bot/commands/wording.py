"""What all commands of the command line share."""

from __future__ import annotations

import sys
from importlib.util import LazyLoader, find_spec, module_from_spec
from types import ModuleType
from typing import Annotated, Any, cast

import typer

from bot.adapters.logs import configure
from bot.settings import Settings, load

Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
Words = Annotated[list[str] | None, typer.Argument(metavar="WORDS")]


def settings_now() -> Settings:
    """Standard output belongs to the command: whatever is logged goes to standard error. Raises
    ConfigurationError."""
    configure(verbose=False)
    return load()


def end(code: int) -> None:
    raise typer.Exit(code)


def on_first_use(name: str) -> ModuleType:
    """A command loads what it needs and no more: the web server and the database take a second,
    which ``wingman --help`` and completion should not."""
    spec = cast("Any", find_spec(f"bot.commands.{name}"))
    spec.loader = LazyLoader(spec.loader)
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
