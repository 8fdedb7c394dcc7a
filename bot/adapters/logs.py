"""Logging: dotted events with fields on standard error, secrets taken out."""

from __future__ import annotations

import contextlib
import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO, cast

import structlog

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
        if not isinstance(value, str | Exception):
            return value
        text = str(value)
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return _TOKENS.sub("***", text)


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


def configure(*, verbose: bool, secrets: tuple[str, ...] = ()) -> None:
    level = logging.INFO if verbose else logging.WARNING
    logging.basicConfig(level=logging.WARNING, stream=Stderr(), format="%(name)s: %(message)s")
    # Libraries write request lines, and with them tokens in URLs, at INFO.
    for library in ("httpx", "httpcore", "apscheduler", "asyncio", "aiosqlite"):
        logging.getLogger(library).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%H:%M:%S", utc=False),
            structlog.processors.format_exc_info,
            Redaction(secrets),
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, Stderr())),
        cache_logger_on_first_use=False,
    )
