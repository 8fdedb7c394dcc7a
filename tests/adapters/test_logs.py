"""No secret gets into a log, whatever it hides in."""

import io
import logging
import sys

import pytest
import structlog

from bot.adapters.logs import Redaction, configure

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
