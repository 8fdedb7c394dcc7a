"""The door: every request passes here before anything of ours looks at it.

What is not named as public needs a login. The checks compare whole values, never parts of them:
a name that merely begins or ends like ours is somebody else's."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.headers import HEADERS
from bot.web.login import Logins
from bot.web.problems import problem

BY_SOCKET = "terminal"
BY_BEARER = "API"
BY_LOGIN = "local phone"

MAX_BODY = 256 * 1024
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
PUBLIC = frozenset({"/", "/manifest.webmanifest", "/healthz", "/readyz"})
KINDS = frozenset({"application/json"})
POSTED = frozenset({"application/x-www-form-urlencoded"})
"""What providers send besides. Nowhere else: any page may make a browser send that."""
PUBLIC_FOLDER = "/static/"


@dataclass(frozen=True, slots=True)
class Access:
    """Who may come in, and the exact names by which this gateway is reached."""

    token: str
    hosts: frozenset[str]
    origins: frozenset[str]
    url: str
    """Where a person opens the page."""

    @classmethod
    def to(cls, token: str, host: str, port: int, public_url: str = "") -> Access:
        """For a gateway that listens on ``host:port`` and may have a public https address."""
        own = f"[{host}]" if ":" in host else host.lower()
        if host in {"", "0.0.0.0", "::"}:  # noqa: S104 - a wildcard is nobody's name
            own = "127.0.0.1"
        names = {"127.0.0.1", "localhost", "[::1]", own}
        bases = {f"http://{name}:{port}" for name in names}
        if port == 80:
            bases |= {f"http://{name}" for name in names}
        if public_url:
            bases.add(public_url)
        split = [urlsplit(base) for base in bases]
        origins = frozenset(f"{part.scheme}://{part.netloc}".lower() for part in split)
        hosts = frozenset(part.netloc.lower() for part in split)
        return cls(token, hosts, origins, public_url.rstrip("/") or f"http://{own}:{port}")


class Guard:
    """ASGI middleware. What it lets through has ``scope["state"]["by"]``: who that is."""

    def __init__(
        self,
        app: ASGIApp,
        access: Access,
        logins: Logins,
        webhooks: frozenset[str] = frozenset(),
    ) -> None:
        """``webhooks`` are the paths whose own handlers make sure who posts there."""
        self._app = app
        self._access = access
        self._logins = logins
        self._webhooks = webhooks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        send = _with_headers(send, scope["path"])
        refusal = self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        if scope["method"] not in SAFE_METHODS:
            body = await _read_body(receive)
            if body is None:
                too_long = problem(
                    HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"At most {MAX_BODY} bytes are taken"
                )
                await too_long(scope, receive, send)
                return
            receive = _replay(body, receive)
        await self._app(scope, receive, send)

    def _refusal(self, scope: Scope) -> Response | None:
        request = HTTPConnection(scope)
        is_local = bool(scope.get("state", {}).get("local_socket"))
        if not is_local and not self._knows_host(request.headers):
            return problem(HTTPStatus.MISDIRECTED_REQUEST, "This is not a name of this gateway")
        if not self._origin_fits(request.headers):
            return problem(HTTPStatus.FORBIDDEN, "Requests of other sites are not taken")
        by = BY_SOCKET if is_local else self._who(request)
        is_posted = scope["method"] == "POST" and scope["path"] in self._webhooks
        if by is None and not is_posted and not _is_public(scope):
            return problem(HTTPStatus.UNAUTHORIZED, "Open a login link, or send the bearer token")
        scope.setdefault("state", {})["by"] = by or ""
        if scope["method"] in SAFE_METHODS:
            return None
        if by == BY_LOGIN and "origin" not in request.headers:
            return problem(HTTPStatus.FORBIDDEN, "A browser's request must name its origin")
        return _wrong_content(request.headers, KINDS | POSTED if is_posted else KINDS)

    def _knows_host(self, headers: Headers) -> bool:
        names = headers.getlist("host")
        return len(names) == 1 and names[0].lower() in self._access.hosts

    def _origin_fits(self, headers: Headers) -> bool:
        """A browser may leave the origin out of a GET, yet never names a wrong one."""
        return all(origin in self._access.origins for origin in headers.getlist("origin"))

    def _who(self, request: HTTPConnection) -> str | None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            same = hmac.compare_digest(
                token.strip().encode("utf-8", "surrogatepass"), self._access.token.encode()
            )
            return BY_BEARER if same else None
        login = request.cookies.get(self._logins.cookie, "")
        return BY_LOGIN if login and self._logins.holds(login) else None


def _is_public(scope: Scope) -> bool:
    path = scope["path"]
    return scope["method"] in SAFE_METHODS and (path in PUBLIC or path.startswith(PUBLIC_FOLDER))


def _wrong_content(headers: Headers, kinds: frozenset[str]) -> Response | None:
    has_body = headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if (has_body or kind) and kind not in kinds:
        return problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send application/json")
    return None


async def _read_body(receive: Receive) -> bytes | None:
    """The whole body, or None as soon as it is longer than we take."""
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b""
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > MAX_BODY:
            return None
        chunks.append(chunk)
        if not message.get("more_body", False):
            return b"".join(chunks)


def _replay(body: bytes, receive: Receive) -> Receive:
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return waiting.pop() if waiting else await receive()

    return replayed


def _with_headers(send: Send, path: str) -> Send:
    # The page may be kept as long as it is checked; what it shows may not be kept at all.
    caching = "no-cache" if path.startswith(PUBLIC_FOLDER) else "no-store"
    ours: Iterable[tuple[str, str]] = [*HEADERS.items(), ("Cache-Control", caching)]

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in ours:
                headers[name] = value
        await send(message)

    return sending
