"""``wingman run`` and ``wingman demo``."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from bot.app import run as run_gateway
from bot.commands.program import runnable
from bot.core.errors import WingmanError
from bot.demo.stage import Stage, StageError
from bot.settings import (
    MonitorSettings,
    Settings,
    TelegramSettings,
    TmuxSettings,
    WhatsAppSettings,
)


def _announce(line: str) -> None:
    sys.stdout.write(runnable(line) + "\n")
    sys.stdout.flush()


def run(settings: Settings, seconds: float | None, *, verbose: bool) -> int:
    _run(settings, seconds, verbose=verbose)
    return 0


def demo(settings: Settings, seconds: float | None, *, verbose: bool) -> int:
    """The same gateway on a stage of its own: other tmux server, other state directory, and the
    local phone only. A second program on the bot's token would take the gateway's messages."""
    with tempfile.TemporaryDirectory(prefix="wingman-demo-") as folder:
        stage = Stage(Path(folder))
        try:
            stage.up()
            _run(_on_stage(settings, stage, Path(folder)), seconds, verbose=verbose)
        except StageError as error:
            raise WingmanError(f"the demo's tmux server did not start: {error}") from error
        finally:
            stage.down()
    return 0


def _on_stage(settings: Settings, stage: Stage, folder: Path) -> Settings:
    return settings.model_copy(
        update={
            "state_dir": folder / "state",
            "database_url": None,
            "tmux": TmuxSettings(socket_path=stage.socket_path),
            "monitor": MonitorSettings(),
            "telegram": TelegramSettings(),
            "whatsapp": WhatsAppSettings(),
        }
    )


def _run(settings: Settings, seconds: float | None, *, verbose: bool) -> None:
    """A task group wraps what went wrong: the person gets the reason itself."""
    try:
        asyncio.run(run_gateway(settings, _announce, seconds, verbose=verbose))
    except* WingmanError as group:
        raise _first(group) from None


def _first(group: BaseExceptionGroup[WingmanError]) -> WingmanError:
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if not isinstance(error, WingmanError):
        raise TypeError("not one of ours")
    return error
