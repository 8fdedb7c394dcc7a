"""Catches secrets: the values that tests put into settings must not come out in what is said."""

from __future__ import annotations

from tests.support.botapi.server import TOKEN as TELEGRAM
from tests.support.gateway import TOKEN as WEB
from tests.support.twilioapi.server import TOKEN as TWILIO

CANARIES = (TELEGRAM, TWILIO, WEB)


def leaks(text: str, *more: str) -> list[str]:
    """The secrets that stand in it; of a bot's token the secret half is enough."""
    halves = (secret.rpartition(":")[2] for secret in (*CANARIES, *more))
    return [secret for secret in halves if secret in text]
