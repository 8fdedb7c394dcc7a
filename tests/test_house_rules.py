"""Shows each house rule a sample that breaks it, and one that does not."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import house
from tests.support.house import Source

Rule = Callable[[Source], list[str]]


def long_function(lines: int) -> str:
    return "def f():\n" + "    pass\n" * (lines - 1)


BAD: list[tuple[Rule, str, str]] = [
    (house.long_files, "bot/a.py", "x = 1\n" * 401),
    (house.long_functions, "bot/a.py", long_function(51)),
    (
        house.long_functions,
        "bot/a.py",
        "class A:\n    async " + long_function(51).replace("\n", "\n    "),
    ),
    (house.vendors_out_of_place, "bot/services/outbox.py", "import telegram"),
    (
        house.vendors_out_of_place,
        "bot/channels/whatsapp.py",
        "from telegram.error import RetryAfter",
    ),
    (house.vendors_out_of_place, "bot/app.py", "import_module('apscheduler')"),
    (house.vendors_out_of_place, "bot/app.py", "def f():\n    import sqlalchemy.ext.asyncio"),
    (house.vendors_out_of_place, "bot/adapters/tmux_extra.py", "import libtmux"),
    (house.more_than_the_api, "handlers/a.py", "from bot.core.ids import PaneId"),
    (house.more_than_the_api, "handlers/a.py", "from bot import services"),
    (house.more_than_the_api, "handlers/a.py", "import bot.apiary"),
    (house.more_than_the_api, "handlers/a.py", "from handlers.deny import run"),
    (house.of_another_leaf, "bot/agents/wren.py", "from bot.agents._finch import rows"),
    (house.of_another_leaf, "bot/agents/wren.py", "from bot.agents._wrens.rows import ROW"),
    (house.of_another_leaf, "bot/channels/wren.py", "import bot.channels._finch.rows"),
    (house.mocks, "tests/test_a.py", "from unittest import mock"),
    (house.mocks, "tests/test_a.py", "from unittest.mock import patch"),
    (house.mocks, "tests/test_a.py", "import unittest.mock"),
    (house.sleeps, "bot/a.py", "import asyncio\nawait asyncio.sleep(1)"),
    (house.sleeps, "tests/test_a.py", "from time import sleep"),
    (house.globals_rebound, "bot/a.py", "def f():\n    global x"),
    (house.broad_excepts, "bot/a.py", "except Exception:  # " + "noqa: BLE001 - edge of a task"),
    (house.echo_docstrings, "bot/a.py", 'def close_session():\n    """Closes the session."""'),
    (
        house.echo_docstrings,
        "bot/a.py",
        'class Outbox:\n    def run(self):\n        """Run the outbox."""',
    ),
    (house.echo_docstrings, "bot/a.py", 'def find(name):\n    """Find by the given name."""'),
]

GOOD: list[tuple[Rule, str, str]] = [
    (house.long_files, "bot/a.py", "x = 1\n" * 400),
    (house.long_functions, "bot/a.py", long_function(50)),
    (house.of_another_leaf, "bot/agents/wren.py", "from bot.agents._wren.rows import ROW"),
    (house.of_another_leaf, "bot/agents/wren.py", "from bot.core.layout import cells"),
    (house.of_another_leaf, "tests/agents/test_wren.py", "from bot.agents._finch import rows"),
    (house.vendors_out_of_place, "bot/channels/telegram.py", "import telegram.error"),
    (house.vendors_out_of_place, "bot/adapters/tmux/terminal.py", "import libtmux"),
    (house.vendors_out_of_place, "bot/app.py", "import uvicorn"),
    (house.vendors_out_of_place, "bot/app.py", "from bot.channels import telegram"),
    (
        house.more_than_the_api,
        "handlers/a.py",
        "from bot.api import Command\nfrom bot import api\nimport re",
    ),
    (house.mocks, "tests/test_a.py", "from tests.support.clock import FakeClock"),
    (house.sleeps, "bot/adapters/clock.py", "import asyncio\nawait asyncio.sleep(1)"),
    (house.sleeps, "bot/a.py", "await clock.sleep(1)"),
    (house.globals_rebound, "bot/a.py", "x = 1"),
    (house.broad_excepts, "bot/a.py", "except OSError: ..."),
    (house.echo_docstrings, "bot/a.py", 'def close():\n    """Leaves the agent running."""'),
    (house.echo_docstrings, "bot/a.py", "def close(): ..."),
]


def identify(value: object) -> str | None:
    return getattr(value, "__name__", None)


@pytest.mark.parametrize(("rule", "path", "text"), BAD, ids=identify)
def test_rule_sees_what_is_bad(rule: Rule, path: str, text: str) -> None:
    complaints = rule(Source(path, text))
    assert complaints
    assert all(path in complaint for complaint in complaints)


@pytest.mark.parametrize(("rule", "path", "text"), GOOD, ids=identify)
def test_rule_lets_pass_what_is_good(rule: Rule, path: str, text: str) -> None:
    assert rule(Source(path, text)) == []


def test_a_file_without_its_test_is_named() -> None:
    behaviour = "def f():\n    return 1"
    sources = [
        Source("bot/core/a.py", behaviour),
        Source("handlers/b.py", behaviour),
        Source("bot/c.py", behaviour),
    ]
    assert house.without_mirror(sources, [Source("tests/handlers/test_b.py", "")]) == [
        "bot/core/a.py: no tests/core/test_a.py",
        "bot/c.py: no tests/test_c.py",
    ]


def test_what_needs_no_test() -> None:
    sources = [
        Source("bot/core/__init__.py", "def f():\n    return 1"),
        Source("bot/__main__.py", "def f():\n    return 1"),
        Source("bot/adapters/store/migrations/versions/0001.py", "def upgrade():\n    return 1"),
        Source(
            "bot/ports/clock.py",
            'class Clock(Protocol):\n    def now(self) -> int:\n        """UTC."""\n        ...',
        ),
    ]
    assert house.without_mirror(sources, []) == []


def test_the_hook_may_not_import_more_than_it_is_allowed() -> None:
    hook = Source("bot/hook.py", "import sys\nimport structlog\nfrom bot.core import ids")
    assert house.outside_of(frozenset({"sys"}), hook) == [
        "bot/hook.py:2: structlog",
        "bot/hook.py:3: bot.core",
        "bot/hook.py:3: bot.core.ids",
    ]


def test_forbidden_words() -> None:
    text = "cd ~/hut/api\ncd /hut/api\nhttps://example.org/hut/\nhost=files.example.com"
    assert house.forbidden_words("a.md", text, ["/hut/", "example.com"]) == [
        "a.md:2: /hut/",
        "a.md:4: example.com",
    ]


def test_mirrors() -> None:
    assert house.mirror_of("bot/adapters/tmux/control.py") == "tests/adapters/tmux/test_control.py"
    assert house.mirror_of("bot/app.py") == "tests/test_app.py"
    assert house.mirror_of("handlers/approve.py") == "tests/handlers/test_approve.py"


def test_reads_every_python_file_below_a_folder(tmp_path: Path) -> None:
    (tmp_path / "bot" / "core").mkdir(parents=True)
    (tmp_path / "bot" / "core" / "a.py").write_text("x = 1\n")
    (tmp_path / "bot" / "notes.txt").write_text("no")
    assert house.read(tmp_path, "bot") == [Source("bot/core/a.py", "x = 1\n")]
