"""From a token to a phone that may act."""

from __future__ import annotations

import io
import json
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.commands.setup import setup
from bot.core.errors import WingmanError
from bot.settings import load
from tests.commands.conftest import Beside
from tests.commands.elsewhere import Elsewhere
from tests.support.botapi.server import FakeBotApi
from tests.support.commandline import CommandLine

NAME = "WINGMAN_TELEGRAM__TOKEN"


@pytest.fixture
def api(wingman: CommandLine) -> Iterator[FakeBotApi]:
    telegram = Elsewhere(FakeBotApi())
    telegram.start()
    wingman.monkeypatch.setenv("WINGMAN_TELEGRAM__API_BASE", telegram.api.base_url)
    yield telegram.api
    telegram.stop()
    assert telegram.api.misuse == []


@pytest.fixture
def token(wingman: CommandLine, api: FakeBotApi) -> Path:
    path = wingman.folder / "token"
    path.write_text(f"{api.token}\n")
    return path


@pytest.fixture
def kept(wingman: CommandLine) -> Path:
    """The file of the user's settings."""
    return wingman.folder / "config" / "wingman" / ".env"


def typed(text: str) -> Callable[[], str]:
    return lambda: text


def test_a_token_is_checked_and_kept_and_a_link_shown(
    wingman: CommandLine, api: FakeBotApi, token: Path, kept: Path
) -> None:
    kept.parent.mkdir(parents=True)
    kept.write_text("# mine\nWINGMAN_MONITOR__WATCH=agents\n")
    ran = wingman("setup", "--telegram-token-file", str(token))
    assert (ran.code, ran.err) == (0, "")
    assert kept.read_text() == f"# mine\nWINGMAN_MONITOR__WATCH=agents\n{NAME}={api.token}\n"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert f"https://t.me/{api.bot_username}?start=" in ran.out
    assert "1. Start the gateway:  wingman run" in ran.out
    assert "▀" in ran.out
    assert api.token not in ran.out
    assert [call.method for call in api.calls] == ["getMe"]


def test_for_programs_it_is_one_document(
    wingman: CommandLine, api: FakeBotApi, token: Path, kept: Path
) -> None:
    ran = wingman("setup", "--telegram-token-file", str(token), "--json")
    told = json.loads(ran.out)
    assert told["link"] == f"https://t.me/{api.bot_username}?start={told['code']}"
    assert (told["channel"], told["bot"]) == ("telegram", f"@{api.bot_username}")
    assert (told["gateway"], told["kept_in"], told["remarks"]) == ("start", str(kept), [])
    again = json.loads(wingman("setup", "--json").out)
    assert again["kept_in"] is None
    assert again["code"] != told["code"]


def test_a_running_gateway_makes_the_code(
    wingman: CommandLine, api: FakeBotApi, token: Path, beside: Beside
) -> None:
    first = wingman("setup", "--telegram-token-file", str(token))
    assert "code-for-one-only" in first.out
    assert "1. Restart the gateway" in first.out
    second = wingman("setup")
    assert second.code == 0
    assert "1. Open this on your phone" in second.out
    beside.gateway.surface.channels.clear()
    assert "1. Restart the gateway" in wingman("setup").out


def test_a_token_comes_by_standard_input_or_is_typed(
    wingman: CommandLine, api: FakeBotApi, kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wingman.monkeypatch.setattr("sys.stdin", io.StringIO(f"{api.token}\n"))
    assert wingman("setup", "--telegram-token-file", "-").code == 0
    kept.unlink()
    assert setup(load(), None, typed(f" {api.token} "), as_json=True) == 0
    assert api.token in kept.read_text()
    assert json.loads(capsys.readouterr().out)["kept_in"] == str(kept)


def test_where_nobody_can_type_it_says_how_else(wingman: CommandLine, kept: Path) -> None:
    ran = wingman("setup")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("wingman: there is no token: give it with --telegram-token-file")
    assert not kept.exists()


@pytest.mark.parametrize("given", ["", "hello", "123:a b", "123:ü", "123:a\nX=1", "-"])
def test_what_is_no_token_is_not_repeated(wingman: CommandLine, kept: Path, given: str) -> None:
    with pytest.raises(WingmanError, match="that is no token of a Telegram bot") as caught:
        setup(load(), None, typed(given), as_json=False)
    assert not given or given not in str(caught.value) or given == "-"
    assert not kept.exists()


def test_a_file_that_is_not_there(wingman: CommandLine) -> None:
    ran = wingman("setup", "--telegram-token-file", "nowhere")
    assert (ran.code, ran.err) == (
        1,
        "wingman: the token can't be read from nowhere: No such file or directory\n",
    )


def test_a_token_telegram_does_not_take_is_not_kept(
    wingman: CommandLine, api: FakeBotApi, token: Path, kept: Path
) -> None:
    api.revoke_token()
    ran = wingman("setup", "--telegram-token-file", str(token))
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("wingman: Telegram does not take this token: copy it anew")
    assert api.token not in ran.err
    assert not kept.exists()
    assert not (wingman.folder / "wingman.db").exists()


def test_no_way_to_telegram(wingman: CommandLine, kept: Path) -> None:
    wingman.monkeypatch.setenv("WINGMAN_TELEGRAM__API_BASE", "http://127.0.0.1:9")
    with pytest.raises(WingmanError, match=r"^Telegram can't be asked now: .+; try again$"):
        setup(load(), None, typed("1:abc"), as_json=False)
    assert not kept.exists()


@pytest.mark.parametrize("where", ["the environment", ".env"])
def test_a_stronger_setting_is_named(
    wingman: CommandLine, api: FakeBotApi, token: Path, kept: Path, where: str
) -> None:
    if where == ".env":
        (wingman.folder / ".env").write_text(f"{NAME}=1:another\n")
    else:
        wingman.monkeypatch.setenv(NAME, "1:another")
    ran = wingman("setup", "--telegram-token-file", str(token))
    assert (ran.code, ran.out) == (1, "")
    assert f"{NAME} is set to another value in " in ran.err
    assert where in ran.err
    assert "1:another" not in ran.err
    assert not kept.exists()


def test_a_token_of_the_environment_is_taken_and_stays_there(
    wingman: CommandLine, api: FakeBotApi, kept: Path
) -> None:
    wingman.monkeypatch.setenv(NAME, api.token)
    assert wingman("setup").code == 0
    assert not kept.exists()


def test_what_the_bot_lacks_is_said(wingman: CommandLine, api: FakeBotApi, token: Path) -> None:
    wingman.monkeypatch.setenv("WINGMAN_TELEGRAM__LAYOUT", "topics")
    ran = wingman("setup", "--telegram-token-file", str(token))
    assert ran.code == 0
    assert "✗ Threaded Mode is off" in ran.out


def test_a_terminal_without_blocks_gets_the_link_alone(
    wingman: CommandLine, api: FakeBotApi, token: Path
) -> None:
    raw = io.BytesIO()
    narrow = io.TextIOWrapper(raw, encoding="latin-1", errors="replace")
    wingman.monkeypatch.setenv(NAME, api.token)
    wingman.monkeypatch.setattr("sys.stdout", narrow)
    assert setup(load(), None, typed(""), as_json=False) == 0
    narrow.flush()
    assert b"https://t.me/" in raw.getvalue()
    assert b"????" not in raw.getvalue()
