"""Logging: dotted events with fields on standard error, secrets taken out."""

from __future__ import annotations

import contextlib
import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO, cast

import structlog
from pydantic import BaseModel, SecretStr

_TOKENS = re.compile(r"\b(?:bot)?\d{6,}:[A-Za-z0-9_-]{30,}|\?link=[\w-]+")


class Redaction:
    """Replaces every known secret, and whatever looks like one, in all fields."""

    def __init__(self, secrets: tuple[str, ...]) -> None:
        self._secrets = tuple(secret for secret in secrets if len(secret) >= 8)

    def __call__(
        self, _logger: Any, _method: str, event: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        return {key: self._clean(value) for key, value in event.items()}

    def _clean(self, value: Any) -> Any:
        if value is None or isinstance(value, bool | int | float):
            return value
        text = str(value)
        cleaned = self.text(text)
        is_open = cleaned == text and not isinstance(value, BaseException)
        return value if is_open else cleaned

    def text(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return _TOKENS.sub("***", text)


class CleanRecords:
    """Makes the records of other libraries: what they hold is clean before any handler sees it,
    whoever has switched on which level. Addresses of requests have the bot's token in them."""

    def __init__(self, redaction: Redaction) -> None:
        self._redaction = redaction

    def __call__(self, *args: Any, **kwargs: Any) -> logging.LogRecord:
        record = logging.LogRecord(*args, **kwargs)
        try:
            said = record.getMessage()
        except (TypeError, ValueError, KeyError):  # the library's mistake, as far as it got
            said = f"{record.msg} {record.args!r}"
            record.msg, record.args = said, ()
        cleaned = self._redaction.text(said)
        if cleaned != said or not record.args:
            record.msg, record.args = cleaned, ()
        if record.exc_info and record.exc_info[0] is not None:
            # Handlers take the text of a traceback from here where there is one.
            trace = logging.Formatter().formatException(record.exc_info)
            cleaned = self._redaction.text(trace)
            if cleaned != trace:
                record.exc_text, record.exc_info = cleaned, None
        return record


class Stderr:
    """Standard error as it is at the moment of writing. A log that cannot be written is lost:
    it must never stop what it tells of."""

    def write(self, text: str) -> int:
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.write(text)
        return len(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.flush()


def secrets_in(group: BaseModel) -> tuple[str, ...]:
    """Every secret that is set, for the log to leave out."""
    found: list[str] = []
    for name in type(group).model_fields:
        value = getattr(group, name)
        if isinstance(value, SecretStr):
            found.append(value.get_secret_value())
        elif isinstance(value, BaseModel):
            found += secrets_in(value)
    return tuple(found)


def configure(*, verbose: bool, secrets: tuple[str, ...] = ()) -> None:
    level = logging.INFO if verbose else logging.WARNING
    logging.basicConfig(level=logging.WARNING, stream=Stderr(), format="%(name)s: %(message)s")
    redaction = Redaction(secrets)
    logging.setLogRecordFactory(CleanRecords(redaction))
    # Libraries write request lines, and with them tokens in URLs, at INFO.
    for library in ("httpx", "httpcore", "telegram", "apscheduler", "asyncio", "aiosqlite"):
        logging.getLogger(library).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%H:%M:%S", utc=False),
            structlog.processors.format_exc_info,
            redaction,
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, Stderr())),
        cache_logger_on_first_use=False,
    )
