import socket
import stat
from pathlib import Path

import httpx
import pytest

from bot.web.serving import CannotListen, LocalSocket, listen, listen_local, serve
from tests.support.gateway import Gateway

assert serve is not None


def uds(path: Path) -> httpx.AsyncClient:
    transport = httpx.AsyncHTTPTransport(uds=str(path))
    return httpx.AsyncClient(transport=transport, base_url="http://wingman")


async def test_whoever_opens_the_socket_is_the_owner(tmp_path: Path) -> None:
    path = tmp_path / "wingman.sock"
    async with Gateway(socket=path).running() as gateway, uds(path) as client:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert (await client.get("/api/sessions")).json() == []
        await client.post("/api/chat", json={"text": "ping"})
        assert gateway.inbox.accepted[0].name == "terminal"
        form = await client.post("/api/chat", data={"text": "ping"})
        assert form.status_code == 415


async def test_nobody_can_claim_to_come_through_the_socket(gateway: Gateway) -> None:
    async with gateway.client() as stranger:
        for headers in ({"X-Local-Socket": "1"}, {"Host": "wingman"}, {"X-Forwarded-For": "::1"}):
            assert (await stranger.get("/api/sessions", headers=headers)).status_code in {401, 421}


async def test_the_mark_is_set_for_this_server_only() -> None:
    seen = []

    async def app(scope, receive, send):  # type: ignore[no-untyped-def]
        seen.append(scope["state"])

    original = {"type": "http", "state": {"x": 1}}
    await LocalSocket(app)(original, None, None)  # type: ignore[arg-type]
    assert seen == [{"x": 1, "local_socket": True}]
    assert original["state"] == {"x": 1}


async def test_a_dead_gateways_socket_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "wingman.sock"
    listen_local(path).close()
    async with Gateway(socket=path).running(), uds(path) as client:
        assert (await client.get("/healthz")).is_success


async def test_streams_end_when_the_gateway_does() -> None:
    gateway = Gateway()
    async with gateway.client() as client:
        async with gateway.running():
            request = client.build_request(
                "GET", f"{gateway.url}/api/events", headers=gateway.bearer
            )
            answer = await client.send(request, stream=True)
        rest = [line async for line in answer.aiter_lines()]
    assert "event: snapshot" in rest


def test_a_taken_port_is_said_with_its_cure() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotListen, match=f"Port {port} is taken: set WINGMAN_WEB__PORT"):
            listen("127.0.0.1", port)


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
def test_a_foreign_address_is_said_with_its_cure(host: str) -> None:
    with pytest.raises(CannotListen, match="WINGMAN_WEB__HOST"):
        listen(host, 0)


def test_a_socket_path_that_cannot_be(tmp_path: Path) -> None:
    with pytest.raises(CannotListen, match="Cannot listen"):
        listen_local(tmp_path / "missing" / "wingman.sock")


def test_the_umask_is_put_back(tmp_path: Path) -> None:
    listen_local(tmp_path / "a").close()
    other = tmp_path / "b"
    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind(str(other))
    assert stat.S_IMODE(other.stat().st_mode) != 0o600 or stat.S_IMODE(tmp_path.stat().st_mode)
