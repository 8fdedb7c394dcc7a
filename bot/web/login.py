"""How the phone gets in: a link that works once gives a cookie that lasts.

The cookie is signed with a key made from the gateway's token: nothing has to be stored, it
survives a restart, and a new token ends every login at once."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import UTC, datetime, timedelta

from bot.ports.clock import Clock

LINK_LIFE = timedelta(minutes=15)
LOGIN_LIFE = timedelta(days=90)
MAX_LINKS = 16
CLOCK_SLIP = timedelta(minutes=5)
"""So far back may a clock be set without ending a login."""


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


class Links:
    """One-time links, kept as hashes in memory: a restart ends those that were not used."""

    def __init__(self, clock: Clock, life: timedelta = LINK_LIFE) -> None:
        self._clock = clock
        self._life = life
        self._open: dict[bytes, datetime] = {}

    def make(self) -> str:
        """The secret part; ``address`` makes a URL of it."""
        link = secrets.token_urlsafe(24)
        self._forget_old()
        while len(self._open) >= MAX_LINKS:
            del self._open[next(iter(self._open))]
        self._open[_digest(link)] = self._clock.now() + self._life
        return link

    def use(self, link: str) -> bool:
        """True once per link, while it lasts."""
        self._forget_old()
        return self._open.pop(_digest(link), None) is not None

    def _forget_old(self) -> None:
        now = self._clock.now()
        self._open = {digest: end for digest, end in self._open.items() if end > now}


def address(base: str, link: str) -> str:
    """``http://127.0.0.1:8765/?link=…``."""
    return f"{base.rstrip('/')}/?link={link}"


class Logins:
    """Makes and checks the cookie's value: ``<issued>.<nonce>.<signature>``."""

    def __init__(self, token: str, clock: Clock, life: timedelta = LOGIN_LIFE) -> None:
        self._key = hmac.digest(token.encode(), b"wingman login cookie, version 1", "sha256")
        self._clock = clock
        self.life = life
        # Cookies do not keep ports apart: two gateways on one machine need two names.
        self.cookie = f"wingman_{hmac.digest(self._key, b'name', 'sha256').hex()[:8]}"

    def issue(self) -> str:
        body = f"{int(self._clock.now().timestamp())}.{secrets.token_hex(8)}"
        return f"{body}.{self._sign(body)}"

    def holds(self, value: str) -> bool:
        body, _, signature = value.rpartition(".")
        expected = self._sign(body).encode()
        if not hmac.compare_digest(signature.encode("utf-8", "surrogatepass"), expected):
            return False
        issued = datetime.fromtimestamp(int(body.partition(".")[0]), UTC)
        age = self._clock.now() - issued
        return -CLOCK_SLIP <= age < self.life

    def _sign(self, body: str) -> str:
        return hmac.digest(self._key, body.encode("utf-8", "surrogatepass"), "sha256").hex()
