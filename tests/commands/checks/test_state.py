from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from bot.adapters.store.store import SqlStore
from bot.commands.checks import state
from bot.core.checks import Level
from bot.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(state_dir=tmp_path / "state")


async def kept(settings: Settings) -> Path:
    settings.state_dir.mkdir(mode=0o700)
    store = await SqlStore.open(settings.database)
    async with store, store.transaction() as tx:
        await tx.meta.put("a", "b")
    return settings.state_dir / "wingman.db"


async def test_before_the_first_run_there_is_nothing_to_find(settings: Settings) -> None:
    for look in (state.directory, state.ledger, state.gateway):
        assert (await look(settings)).level is Level.OFF
    assert not settings.state_dir.exists()


async def test_a_sound_ledger(settings: Settings) -> None:
    await kept(settings)

    check = await state.ledger(settings)

    assert (check.level, check.says) == (Level.OK, "the log has 0 rows, all as they were written")


async def test_a_ledger_of_an_older_version_is_no_damage(settings: Settings) -> None:
    database = sqlite3.connect(await kept(settings))
    with database:
        database.execute("UPDATE alembic_version SET version_num = '0001'")
    database.close()

    check = await state.ledger(settings)

    assert check.level is Level.WARN
    assert check.cure == "start the gateway once to update it"


async def test_a_damaged_ledger_is_red(settings: Settings) -> None:
    path = await kept(settings)
    path.write_bytes(b"no database at all, but long enough to have a header" * 4)

    check = await state.ledger(settings)

    assert check.level is Level.RED
    assert check.cure


@pytest.mark.parametrize("mode", [0o755, 0o701])
async def test_a_directory_others_can_enter_is_red(settings: Settings, mode: int) -> None:
    settings.state_dir.mkdir()
    settings.state_dir.chmod(mode)

    check = await state.directory(settings)

    assert (check.level, check.cure) == (Level.RED, f"chmod 700 {settings.state_dir}")


async def test_a_file_in_it_that_is_open_is_told(settings: Settings) -> None:
    settings.state_dir.mkdir(mode=0o700)
    path = settings.state_dir / "gateway.log"
    path.write_text("")
    path.chmod(0o644)

    check = await state.directory(settings)

    assert (check.level, check.cure) == (Level.WARN, f"chmod go= {path}")


async def test_a_file_in_its_place_is_red(settings: Settings) -> None:
    settings.state_dir.write_text("")

    assert (await state.directory(settings)).level is Level.RED


async def test_settings_that_others_can_read_are_red(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    assert (await state.settings_files(settings)).level is Level.OK

    (tmp_path / ".env").write_text("WINGMAN_WEB__PORT=0\n")
    (tmp_path / ".env").chmod(0o644)
    check = await state.settings_files(settings)
    assert (check.level, check.cure) == (Level.RED, "chmod 600 .env")
