"""No secret gets into a log, whatever it hides in."""

import io
import logging
import sys
from collections.abc import Iterator

import httpx
import pytest
import structlog
from pydantic import SecretStr

from bot.adapters.logs import Redaction, configure, secrets_in
from bot.settings import Settings, TelegramSettings, WebSettings

TOKEN = "s3cret-of-the-gateway"
BOT = "bot123456789:AAH-abcdefghijklmnopqrstuvwxyz12345"


@pytest.mark.parametrize(
    ("said", "logged"),
    [
        (f"token {TOKEN}!", "token ***!"),
        (f"https://api.example.test/{BOT}/getMe", "https://api.example.test/***/getMe"),
        ("http://127.0.0.1/?link=abc_DEF-123", "http://127.0.0.1/***"),
        ("npm run build", "npm run build"),
    ],
)
def test_secrets_are_taken_out(said: str, logged: str) -> None:
    redact = Redaction((TOKEN,))
    assert redact(None, "info", {"event": said})["event"] == logged
    assert redact(None, "info", {"error": ValueError(said)})["error"] == logged


def test_what_is_no_text_stays() -> None:
    assert Redaction((TOKEN,))(None, "info", {"count": 3, "ok": True}) == {"count": 3, "ok": True}


def test_a_short_secret_would_blank_out_half_the_log() -> None:
    assert Redaction(("a",))(None, "info", {"event": "a cat"})["event"] == "a cat"


def test_quiet_unless_asked(capsys: pytest.CaptureFixture[str]) -> None:
    configure(verbose=False, secrets=(TOKEN,))
    structlog.get_logger().info("quiet.event")
    structlog.get_logger().warning("loud.event", token=TOKEN)
    configure(verbose=True)
    structlog.get_logger().info("asked.event")

    said = capsys.readouterr()
    assert said.out == ""
    assert "quiet.event" not in said.err
    assert "loud.event" in said.err
    assert "asked.event" in said.err
    assert TOKEN not in said.err


def test_libraries_do_not_log_request_lines() -> None:
    configure(verbose=True)
    assert not logging.getLogger("httpx").isEnabledFor(logging.INFO)


def test_a_log_that_cannot_be_written_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    configure(verbose=True)
    log = structlog.get_logger()
    log.info("first")
    closed = io.StringIO()
    closed.close()
    monkeypatch.setattr(sys, "stderr", closed)
    log.info("nobody.hears")
    logging.getLogger("wingman.test").error("nor.this")


@pytest.fixture
def record_factory() -> Iterator[None]:
    before = logging.getLogRecordFactory()
    yield
    logging.setLogRecordFactory(before)


class Heard(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


URL = f"https://api.telegram.org/{BOT}/getMe"


@pytest.mark.usefixtures("record_factory")
@pytest.mark.parametrize("secrets", [(), (BOT.removeprefix("bot"),)])
def test_records_of_libraries_are_clean_at_every_level(secrets: tuple[str, ...]) -> None:
    configure(verbose=False, secrets=secrets)
    heard, library = Heard(), logging.getLogger(f"library.{len(secrets)}")
    library.setLevel(logging.DEBUG)
    library.propagate = False
    library.addHandler(heard)
    library.info("HTTP Request: %s %s", "POST", httpx.URL(URL))
    library.debug("params %s", {"url": URL})
    try:
        raise ValueError(f"no route to {URL}")
    except ValueError:
        library.exception("failed")
    library.warning("%d is no number", URL)
    said = "\n".join(heard.lines)
    assert BOT[3:] not in said
    assert said.count("***") == 4
    assert "ValueError: no route to https://api.telegram.org/" in said


@pytest.mark.usefixtures("record_factory")
def test_what_a_field_holds_is_clean_too(capsys: pytest.CaptureFixture[str]) -> None:
    configure(verbose=True)
    log = structlog.get_logger()
    log.info("asked", url=httpx.URL(URL), params={"deep": [URL]}, many=(URL,))
    try:
        raise ValueError(URL)
    except ValueError as error:
        log.exception("failed", error=error)
    said = capsys.readouterr().err
    assert "asked" in said
    assert "failed" in said
    assert BOT[3:] not in said


def test_every_secret_of_the_settings_is_known() -> None:
    settings = Settings(
        web=WebSettings(token=SecretStr(TOKEN)), telegram=TelegramSettings(token=SecretStr(BOT))
    )
    assert secrets_in(settings) == (TOKEN, BOT)
    assert secrets_in(Settings()) == ()
