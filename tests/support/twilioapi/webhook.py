"""Twilio's side of a webhook: signed for the address it was told, and posted behind the proxy."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit, urlunsplit
from uuid import uuid4

import httpx

TIMEOUT = 15.0
"""Seconds Twilio waits for an answer (Twilio, Connection overrides)."""


def signature(token: str, url: str, form: Mapping[str, str]) -> str:
    """HMAC-SHA1 over the address and the fields, by name, each with its value behind it
    (Twilio, Webhooks security)."""
    said = url + "".join(name + form[name] for name in sorted(form))
    digest = hmac.new(token.encode(), said.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


@dataclass
class Post:
    """A request of Twilio's, and what came back."""

    url: str
    form: dict[str, str]
    status: int = 0
    """0: nobody answered."""
    body: str = ""
    media_type: str = ""


@dataclass
class Poster:
    token: str
    reachable_at: list[str]
    """Where the public address leads, such as ``http://127.0.0.1:8000``; the last counts."""
    posts: list[Post] = field(default_factory=list)
    duplicating: bool = False

    async def send(self, url: str, form: dict[str, str], signed: str | None = None) -> Post:
        """Tries again as the address's fragment says: ``#rc=2&rp=all``; else once, and only where
        there was no connection."""
        wish = {name: values[0] for name, values in parse_qs(urlsplit(url).fragment).items()}
        retries, policy = int(wish.get("rc", "1")), wish.get("rp", "ct")
        headers = {"I-Twilio-Idempotency-Token": str(uuid4())}
        post = await self._once(url, form, headers, signed)
        for _ in range(retries):
            if post.status and (post.status < 500 or policy not in ("all", "5xx")):
                break
            post = await self._once(url, form, headers, signed)
        if self.duplicating:
            post = await self._once(url, form, headers, signed)
        return post

    async def _once(
        self, url: str, form: dict[str, str], headers: dict[str, str], signed: str | None
    ) -> Post:
        parts = urlsplit(url)
        public = urlunsplit((*parts[:4], ""))
        right = signature(self.token, public, form)
        post = Post(public, form)
        self.posts.append(post)
        if not self.reachable_at:
            return post
        address = self.reachable_at[-1] + parts.path + (f"?{parts.query}" if parts.query else "")
        signing = {"X-Twilio-Signature": right if signed is None else signed}
        async with httpx.AsyncClient(timeout=TIMEOUT, trust_env=False, verify=False) as client:
            try:
                answer = await client.post(address, data=form, headers=headers | signing)
            except httpx.TransportError:
                return post
        post.status, post.body = answer.status_code, answer.text
        post.media_type = answer.headers.get("content-type", "")
        return post
