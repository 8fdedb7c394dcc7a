import os
from pathlib import Path

import pytest

from bot.settings import (
    ConfigurationError,
    config_dir,
    env_example,
    env_files,
    load,
    loose_files,
    refuse_nobody,
    refuse_strange_rungs,
    stronger_source,
    variables,
)


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home, working directory and environment."""
    for name in list(os.environ):
        if name.startswith(("WINGMAN_", "XDG_", "CREDENTIALS_")):
            monkeypatch.delenv(name)
    work = tmp_path / "work"
    work.mkdir()
    (tmp_path / "config" / "wingman").mkdir(parents=True)
    monkeypatch.chdir(work)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path


def write(path: Path, text: str, mode: int = 0o600) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)


def complaint() -> str:
    with pytest.raises(ConfigurationError) as caught:
        load()
    said = str(caught.value)
    assert "\n" not in said
    return said


def test_the_defaults(place: Path) -> None:
    settings = load()
    assert settings.state_dir == place / ".local" / "state" / "wingman"
    assert settings.database == f"sqlite+aiosqlite:///{settings.state_dir}/wingman.db"
    assert (settings.monitor.poll_interval, settings.monitor.reminder_interval) == (5, 120)
    assert (settings.web.host, settings.web.port, settings.web.token) == ("127.0.0.1", 8765, None)
    assert settings.monitor.watch == "all"
    assert settings.agent.command == "claude --permission-mode default"


SOURCES = ["toml", "secrets", "xdg env", "env file", "environment", "flag"]
"""Weakest first."""


@pytest.mark.parametrize("strongest", range(len(SOURCES)))
def test_the_stronger_source_wins(
    place: Path, monkeypatch: pytest.MonkeyPatch, strongest: int
) -> None:
    given = SOURCES[: strongest + 1]
    write(config_dir() / "config.toml", '[agent]\ncommand = "toml"\n')
    if "secrets" in given:
        write(place / "secrets" / "WINGMAN_AGENT__COMMAND", "secrets")
        monkeypatch.setenv("WINGMAN_SECRETS_DIR", str(place / "secrets"))
    if "xdg env" in given:
        write(config_dir() / ".env", 'WINGMAN_AGENT__COMMAND="xdg env"\n')
    if "env file" in given:
        write(Path(".env"), 'WINGMAN_AGENT__COMMAND="env file"\n')
    if "environment" in given:
        monkeypatch.setenv("WINGMAN_AGENT__COMMAND", "environment")
    flags = {"agent": {"command": "flag"}} if "flag" in given else {}
    assert load(**flags).agent.command == SOURCES[strongest]


def test_sources_add_up(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(config_dir() / "config.toml", "[web]\nport = 1\n")
    write(Path(".env"), "WINGMAN_WEB__HOST=::1\n")
    monkeypatch.setenv("WINGMAN_MONITOR__POLL_INTERVAL", "2.5")
    settings = load(web={"token": "t"})
    assert (settings.web.port, settings.web.host) == (1, "::1")
    assert settings.monitor.poll_interval == 2.5
    assert settings.web.token is not None


@pytest.mark.parametrize("name", ["WINGMAN_WEB__TOKEN", "wingman_web__token"])
def test_secrets_of_a_service_manager(
    place: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    write(place / "credentials" / name, "s3cret\n")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(place / "credentials"))
    token = load().web.token
    assert token is not None
    assert token.get_secret_value() == "s3cret"
    assert "s3cret" not in repr(load())


BAD = [
    ("WINGMAN_WEB__PORT", "eighty", "its port; 0 takes any free one"),
    ("WINGMAN_WEB__PORT", "65536", "less than or equal to 65535"),
    ("WINGMAN_WEB__PORT", "-1", "greater than or equal to 0"),
    ("WINGMAN_WEB__PUBLIC_URL", "ftp://example.org", "https address"),
    ("WINGMAN_MONITOR__POLL_INTERVAL", "0", "greater than 0"),
    ("WINGMAN_MONITOR__POLL_INTERVAL", "soon", "seconds between two sweeps"),
    ("WINGMAN_MONITOR__POLL_INTERVAL", "nan", "seconds between two sweeps"),
    ("WINGMAN_MONITOR__REMINDER_INTERVAL", "inf", "first reminder"),
    ("WINGMAN_MONITOR__STUCK_AFTER", "-5", "greater than 0"),
    ("WINGMAN_MONITOR__WATCH", "some", "'all', 'agents' or 'listed'"),
    ("WINGMAN_TELEGRAM__TOKEN", "no token", "looks like 123456789:"),
    ("WINGMAN_TELEGRAM__TOKEN", "1:a/../b", "looks like 123456789:"),
    ("WINGMAN_TELEGRAM__ALLOWED_USERS", "@ann", "is a number such as"),
    ("WINGMAN_TELEGRAM__ALLOWED_USERS", "7001,-5", "is a number such as"),
    ("WINGMAN_TELEGRAM__ALLOWED_USERS", "\uff17\uff10\uff10\uff11", "is a number such as"),
    ("WINGMAN_TELEGRAM__MODE", "push", "'polling' or 'webhook'"),
    ("WINGMAN_TELEGRAM__LAYOUT", "tabs", "'chat', 'forum' or 'topics'"),
    ("WINGMAN_TELEGRAM__GROUP", "100", "less than 0"),
    ("WINGMAN_TELEGRAM__API_BASE", "api.telegram.org", "bot api server"),
]


@pytest.mark.parametrize(("name", "value", "cure"), BAD)
@pytest.mark.parametrize("source", ["environment", ".env"])
def test_a_bad_setting_is_named_with_its_cure(
    monkeypatch: pytest.MonkeyPatch, source: str, name: str, value: str, cure: str
) -> None:
    if source == "environment":
        monkeypatch.setenv(name, value)
    else:
        write(Path(".env"), f"{name}={value}\n")
    said = complaint()
    assert said.startswith(f"{name}: ")
    assert cure.lower() in said.lower()


@pytest.mark.parametrize("name", ["WINGMAN_AGENT__COMMAND", "WINGMAN_WEB__PORT"])
def test_an_empty_setting_is_its_default(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    defaults = load()
    monkeypatch.setenv(name, "")
    assert load() == defaults


@pytest.mark.parametrize("source", ["environment", ".env", "toml"])
def test_an_unknown_setting_gets_a_suggestion(
    monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    if source == "environment":
        monkeypatch.setenv("WINGMAN_MONITOR__POL_INTERVAL", "5")
    elif source == ".env":
        write(Path(".env"), "export WINGMAN_MONITOR__POL_INTERVAL=5\n")
    else:
        write(config_dir() / "config.toml", "[monitor]\npol_interval = 5\n")
    said = complaint()
    assert "WINGMAN_MONITOR__POL_INTERVAL" in said
    assert "did you mean WINGMAN_MONITOR__POLL_INTERVAL?" in said


def test_a_name_like_no_other_points_to_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WINGMAN_ZZZZZZZZ", "5")
    assert "wingman env-example lists them all" in complaint()


def test_names_of_others_are_none_of_our_business(monkeypatch: pytest.MonkeyPatch) -> None:
    defaults = load()
    monkeypatch.setenv("WINGMANIA", "1")
    monkeypatch.setenv("WINGMAN_TEST_ANYTHING", "1")
    write(Path(".env"), "DATABASE_URL=x\n# WINGMAN_WRONG=1\n\nnonsense\n")
    assert load() == defaults


SECRET = "hunter2-hunter2"


@pytest.mark.parametrize("source", ["environment", ".env", "toml", "flag"])
def test_a_secret_is_never_in_the_message(monkeypatch: pytest.MonkeyPatch, source: str) -> None:
    """Not even when it stands in a wrong place, or with a wrong type."""
    flags: dict[str, object] = {}
    if source == "environment":
        monkeypatch.setenv("WINGMAN_WEB__TOKEN__X", SECRET)
    elif source == ".env":
        write(Path(".env"), f"WINGMAN_WEB__PUBLIC_URL={SECRET}\n")
    elif source == "toml":
        write(config_dir() / "config.toml", f'[web]\ntoken = ["{SECRET}"]\n')
    else:
        flags = {"web": {"token": [SECRET]}}
    with pytest.raises(ConfigurationError) as caught:
        load(**flags)
    assert SECRET not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("config.toml", b"[web\n"),
        ("config.toml", b"\xff\xfe"),
        (".env", b"\xff\xfe"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(path: str, content: bytes) -> None:
    (config_dir() / path).write_bytes(content)
    assert path in complaint()


def test_a_group_that_is_no_table_is_named() -> None:
    write(config_dir() / "config.toml", "web = 5\n")
    assert complaint().startswith("WINGMAN_WEB: ")


def test_lists_are_written_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WINGMAN_MONITOR__IGNORE", "scratch-*, ,private")
    assert load().monitor.ignore == ("scratch-*", "private")


def test_the_example_names_every_setting_once() -> None:
    names = [line[1:].split("=")[0] for line in env_example().splitlines() if "=" in line]
    assert names == [name for name, _ in variables()]
    assert len(names) == len(set(names))
    assert all(field.description for _, field in variables())


def test_the_example_uncommented_is_the_defaults() -> None:
    """Every default is written so that it reads back as itself."""
    defaults = load()
    lines = [
        line[1:] if line.startswith("#WINGMAN_") else line for line in env_example().splitlines()
    ]
    write(Path(".env"), "\n".join(lines))
    assert load() == defaults


def test_files_that_others_can_read(place: Path) -> None:
    write(Path(".env"), "", 0o600)
    write(config_dir() / ".env", "", 0o640)
    write(config_dir() / "config.toml", "", 0o604)
    assert loose_files() == (config_dir() / ".env", config_dir() / "config.toml")
    assert env_files() == (config_dir() / ".env", Path(".env"))


BOT_TOKEN = "123456789:AAH-abcdefghijklmnopqrstuvwxyz12345"


@pytest.mark.parametrize("given", ['"7001, 7002"', "[7001, 7002]", '["7001", "7002"]'])
def test_user_ids_as_people_write_them(given: str) -> None:
    write(config_dir() / "config.toml", f"[telegram]\nallowed_users = {given}\n")
    assert load().telegram.allowed_users == ("7001", "7002")


def test_one_user_id_in_toml() -> None:
    write(config_dir() / "config.toml", "[telegram]\nallowed_users = 7001\n")
    assert load().telegram.allowed_users == ("7001",)


@pytest.mark.parametrize("name", ["ALLOWED_USERS", "API_BASE", "MODE", "GROUP"])
def test_a_token_in_the_wrong_place_is_not_repeated(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(f"WINGMAN_TELEGRAM__{name}", BOT_TOKEN)
    assert BOT_TOKEN not in complaint()


def test_a_channel_is_wanted_once_its_group_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load().wants("local")
    assert not load().wants("telegram")
    monkeypatch.setenv("WINGMAN_TELEGRAM__TOKEN", BOT_TOKEN)
    assert load().wants("telegram")


@pytest.mark.parametrize(
    ("given", "cure"),
    [
        ({"MODE": "webhook"}, "set WINGMAN_WEB__PUBLIC_URL"),
        ({"LAYOUT": "forum"}, "set WINGMAN_TELEGRAM__GROUP to"),
        ({"LAYOUT": "forum", "GROUP": "-100"}, "set WINGMAN_TELEGRAM__GROUP_APPROVALS=true"),
    ],
)
def test_settings_that_do_not_go_together(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], cure: str
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(f"WINGMAN_TELEGRAM__{name}", value)
    assert cure in complaint()


def test_a_bot_that_would_obey_no_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_nobody(load(), paired=())
    monkeypatch.setenv("WINGMAN_TELEGRAM__TOKEN", BOT_TOKEN)
    with pytest.raises(ConfigurationError, match=r"ALLOWED_USERS is empty.*wingman setup"):
        refuse_nobody(load(), paired={"whatsapp"})
    refuse_nobody(load(), paired={"telegram"})
    monkeypatch.setenv("WINGMAN_TELEGRAM__ALLOWED_USERS", "7001")
    refuse_nobody(load(), paired=())


TWILIO = {
    "ACCOUNT_SID": "AC" + 32 * "a",
    "AUTH_TOKEN": 32 * "b",
    "FROM": "whatsapp:+14155238886",
    "ALLOWED_NUMBERS": "+491701234567",
}


def set_twilio(monkeypatch: pytest.MonkeyPatch, **changed: str) -> None:
    for name, value in {**TWILIO, **changed}.items():
        monkeypatch.setenv(f"WINGMAN_WHATSAPP__{name}", value)


def test_whatsapp_is_set_up_by_three_values(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not load().wants("whatsapp")
    set_twilio(monkeypatch)
    settings = load()
    assert settings.wants("whatsapp")
    assert settings.whatsapp.sender == "whatsapp:+14155238886"
    assert (settings.whatsapp.mode, settings.whatsapp.poll_interval) == ("auto", 3)
    refuse_nobody(settings, paired=())


@pytest.mark.parametrize("missing", ["ACCOUNT_SID", "AUTH_TOKEN", "FROM"])
def test_half_of_whatsapp_is_refused(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    set_twilio(monkeypatch, **{missing: ""})
    assert f"WINGMAN_WHATSAPP__{missing} is missing" in complaint()


def test_a_webhook_of_twilio_needs_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    set_twilio(monkeypatch, MODE="webhook")
    assert "set WINGMAN_WEB__PUBLIC_URL" in complaint()
    monkeypatch.setenv("WINGMAN_WEB__PUBLIC_URL", "https://wingman.example.org")
    assert load().whatsapp.mode == "webhook"


def test_a_number_that_would_obey_no_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    set_twilio(monkeypatch, ALLOWED_NUMBERS="")
    with pytest.raises(ConfigurationError, match="WHATSAPP__ALLOWED_NUMBERS is empty"):
        refuse_nobody(load(), paired={"telegram"})
    refuse_nobody(load(), paired={"whatsapp"})


@pytest.mark.parametrize("name", ["ALLOWED_NUMBERS", "FROM", "ACCOUNT_SID", "API_BASE"])
def test_twilios_token_in_the_wrong_place_is_not_repeated(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    set_twilio(monkeypatch, **{name: 32 * "f"})
    assert 32 * "f" not in complaint()


def test_what_counts_before_the_users_own_file_is_named(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "WINGMAN_WEB__PORT"
    write(config_dir() / ".env", f"{name}=1\n")
    assert stronger_source(name) == ""
    write(place / "work" / ".env", f"#{name}=2\nWINGMAN_WEB__HOST=localhost\n{name}=\n")
    assert stronger_source(name) == ""
    write(place / "work" / ".env", f"export {name}=2\n")
    assert stronger_source(name) == str(place / "work" / ".env")
    monkeypatch.setenv(name.lower(), "3")
    assert stronger_source(name) == "the environment"


def test_the_users_own_file_is_not_stronger_than_itself(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(config_dir() / ".env", "WINGMAN_WEB__PORT=1\n")
    monkeypatch.chdir(config_dir())
    assert stronger_source("WINGMAN_WEB__PORT") == ""


def test_a_ladder_of_channels_that_are_set_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WINGMAN_ATTENTION__ESCALATE_TO", "telegram:7001,whatsapp")
    refuse_strange_rungs(load(), ["local", "telegram", "whatsapp"])
    with pytest.raises(ConfigurationError, match=r"ESCALATE_TO names 'whatsapp'.*set up: local"):
        refuse_strange_rungs(load(), ["local", "telegram"])
