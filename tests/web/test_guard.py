"""The door, knocked on from outside: over real HTTP."""

import asyncio
from typing import Any

import httpx
import pytest

from bot.web.guard import MAX_BODY, Access
from bot.web.headers import HEADERS
from tests.support.gateway import TOKEN, Gateway, LoopClock
from tests.support.surface import make_session

CHAT = {"text": "approve k3f9"}

ACTING: list[tuple[str, str, dict[str, Any] | None]] = [
    ("POST", "/api/chat", CHAT),
    ("POST", "/api/command", CHAT),
    ("POST", "/api/link", {}),
    ("POST", "/api/sessions", {"name": "new"}),
    ("POST", "/api/sessions/one/input", {"text": "hi"}),
    ("DELETE", "/api/sessions/one", None),
    ("POST", "/api/prompts/k3f9/decision", {"decision": "approve"}),
    ("POST", "/api/agent/one/approve", {"decision": "yes"}),
]
LOOKING = [
    "/api/sessions",
    "/api/sessions/one",
    "/api/sessions/one/screen",
    "/api/prompts",
    "/api/prompts/k3f9",
    "/api/agent/one/state",
    "/api/completions",
    "/api/chat/events",
    "/api/events",
    "/api/openapi.json",
    "/api/nothing",
    "/nothing",
]


def lay_out(gateway: Gateway) -> None:
    session = make_session("one")
    gateway.surface.open_sessions = [session]
    gateway.surface.wait(session, "k3f9")


def untouched(gateway: Gateway) -> bool:
    return not gateway.inbox.accepted and not gateway.surface.done and not gateway.log.messages


async def raw(port: int, *lines: str) -> str:
    """The status line of a request that no client library would send."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
    status = await reader.readline()
    writer.close()
    await writer.wait_closed()
    return status.decode().split(" ", 1)[1].strip()


@pytest.mark.parametrize("path", LOOKING)
async def test_nothing_is_shown_to_strangers(gateway: Gateway, path: str) -> None:
    async with gateway.client() as stranger:
        answer = await stranger.get(path)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(("method", "path", "body"), ACTING)
async def test_nothing_is_done_for_strangers(
    gateway: Gateway, method: str, path: str, body: dict[str, Any] | None
) -> None:
    lay_out(gateway)
    async with gateway.client() as stranger:
        answer = await stranger.request(method, path, json=body, headers=gateway.origin)
    assert answer.status_code == 401
    assert untouched(gateway)


@pytest.mark.parametrize("token", ["x", TOKEN + "x", TOKEN[:-1], TOKEN.upper(), "Ünïcode", "null"])
async def test_a_wrong_token_is_no_token(gateway: Gateway, token: str) -> None:
    async with gateway.client() as stranger:
        headers = httpx.Headers({b"Authorization": f"Bearer {token}".encode()})
        assert (await stranger.get("/api/sessions", headers=headers)).status_code == 401


@pytest.mark.parametrize(("method", "path", "body"), ACTING)
@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.com",
        "null",
        "http://127.0.0.1",
        "http://127.0.0.1:1",
        "https://127.0.0.1:{port}",
        "http://127.0.0.1:{port}.evil.com",
        "http://localhost.evil.com:{port}",
        "http://127.0.0.1:{port}/",
        "",
    ],
)
async def test_a_foreign_origin_does_nothing_even_with_a_login(
    gateway: Gateway, origin: str, method: str, path: str, body: dict[str, Any] | None
) -> None:
    lay_out(gateway)
    async with gateway.client() as browser:
        browser.cookies.update(gateway.cookie)
        headers = {"Origin": origin.format(port=gateway.port)}
        answer = await browser.request(method, path, json=body, headers=headers)
    assert answer.status_code == 403
    assert untouched(gateway)


async def test_a_login_without_an_origin_may_look_and_not_act(gateway: Gateway) -> None:
    async with gateway.client() as browser:
        browser.cookies.update(gateway.cookie)
        assert (await browser.get("/api/sessions")).status_code == 200
        assert (await browser.post("/api/chat", json=CHAT)).status_code == 403
        assert untouched(gateway)
        assert (await browser.post("/api/chat", json=CHAT, headers=gateway.origin)).is_success


@pytest.mark.parametrize(
    "host",
    [
        "evil.com",
        "127.evil.com",
        "127.evil.com:{port}",
        "0.0.0.0:{port}",
        "[::ffff:127.0.0.1]:{port}",
        "",
        "127.0.0.1",
        "127.0.0.1:1",
        "localhost.:{port}",
        "127.0.0.1:{port}.evil.com",
        "2130706433:{port}",
        "127.1:{port}",
        "user@127.0.0.1:{port}",
        "localhost:{port}, evil.com",
    ],
)
async def test_only_our_own_names_are_answered(gateway: Gateway, host: str) -> None:
    named = f"Host: {host.format(port=gateway.port)}"
    auth = f"Authorization: Bearer {TOKEN}"
    for path in ("/", "/healthz", "/api/sessions"):
        status = await raw(gateway.port, f"GET {path} HTTP/1.1", named, auth)
        assert status[:3] in {"421", "400"}, (path, status)


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"])
async def test_our_own_names_are(gateway: Gateway, name: str) -> None:
    assert (await raw(gateway.port, "GET /healthz HTTP/1.1", f"Host: {name}:{gateway.port}"))[
        :3
    ] == "200"


async def test_two_hosts_or_none_are_refused(gateway: Gateway) -> None:
    ours = f"Host: 127.0.0.1:{gateway.port}"
    assert (await raw(gateway.port, "GET / HTTP/1.1", ours, "Host: evil.com"))[:3] == "400"
    assert (await raw(gateway.port, "GET / HTTP/1.0"))[:3] == "421"


@pytest.mark.parametrize(
    "kind",
    ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", ""],
)
async def test_forms_do_nothing(gateway: Gateway, kind: str) -> None:
    async with gateway.client() as browser:
        browser.cookies.update(gateway.cookie)
        headers = {**gateway.origin, "Content-Type": kind}
        answer = await browser.post("/api/chat", content=b'{"text":"approve"}', headers=headers)
    assert answer.status_code == 415
    assert untouched(gateway)


@pytest.mark.parametrize(("method", "path", "body"), ACTING)
async def test_a_get_never_acts(
    gateway: Gateway, method: str, path: str, body: dict[str, Any] | None
) -> None:
    lay_out(gateway)
    async with gateway.client() as client:
        for verb in ("GET", "HEAD", "OPTIONS"):
            await client.request(verb, path, params={**(body or {})}, headers=gateway.bearer)
    assert untouched(gateway)


@pytest.mark.parametrize("size", [MAX_BODY + 1, 3 * MAX_BODY])
async def test_long_bodies_are_cut_off(
    api: httpx.AsyncClient, gateway: Gateway, size: int
) -> None:
    async def pieces() -> Any:
        for _ in range(size // 65536 + 1):
            yield b"x" * 65536

    headers = {"Content-Type": "application/json"}
    for content in (b"x" * size, pieces()):
        answer = await api.post("/api/chat", content=content, headers=headers)
        assert answer.status_code == 413
    assert untouched(gateway)


async def test_every_answer_has_the_protecting_headers(
    api: httpx.AsyncClient, gateway: Gateway
) -> None:
    for path in ("/", "/api/sessions", "/api/nothing", "/static/js/app.js", "/?link=used"):
        answer = await api.get(path)
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
        assert "access-control-allow-origin" not in answer.headers
    assert (await api.get("/api/sessions")).headers["cache-control"] == "no-store"


async def test_a_cookie_ends_with_its_time_and_with_the_token(gateway: Gateway) -> None:
    (name, value), *_ = gateway.cookie.items()
    async with gateway.client() as browser:
        browser.cookies.set(name, value[:-1] + ("0" if value[-1] != "0" else "1"))
        assert (await browser.get("/api/sessions")).status_code == 401


def test_names_of_a_gateway() -> None:
    access = Access.to("t", "192.168.7.9", 8765, "https://Wing.example.org")
    assert access.hosts == {
        "127.0.0.1:8765",
        "localhost:8765",
        "[::1]:8765",
        "192.168.7.9:8765",
        "wing.example.org",
    }
    assert "https://wing.example.org" in access.origins
    assert "http://wing.example.org" not in access.origins
    assert access.url == "https://Wing.example.org"
    anywhere = Access.to("t", "0.0.0.0", 8765)
    assert "0.0.0.0:8765" not in anywhere.hosts
    assert anywhere.url == "http://127.0.0.1:8765"
    assert Access.to("t", "::1", 1).url == "http://[::1]:1"
    assert "localhost" in Access.to("t", "127.0.0.1", 80).hosts


def test_a_clock_is_only_a_clock() -> None:
    assert LoopClock().now().tzinfo is not None
