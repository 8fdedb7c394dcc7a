from __future__ import annotations

import subprocess
import sys

import pytest
import typer

from bot.commands.wording import end


def test_help_loads_neither_the_web_server_nor_the_database() -> None:
    code = "import sys, bot.cli; print([m for m in ('fastapi', 'sqlalchemy') if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True
    )
    assert done.stdout.strip() == "[]"


def test_a_command_ends_with_its_code() -> None:
    with pytest.raises(typer.Exit) as ended:
        end(3)
    assert ended.value.exit_code == 3
