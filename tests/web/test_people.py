"""Codes are made and people put out at the machine only."""

from __future__ import annotations

import pytest

from bot.core.records import Person
from tests.support.gateway import Gateway
from tests.support.surface import NOON

BOB = Person("whatsapp", "+491701234567", "Bob", "+491701234567", NOON)
CODE = {"channel": "telegram"}


async def test_a_code(gateway: Gateway) -> None:
    async with gateway.client() as client:
        answer = await client.post("/api/pairing", json=CODE, headers=gateway.bearer)
    assert answer.status_code == 201
    assert answer.json() == {
        "code": "code-for-one-only",
        "channel": "telegram",
        "expires_at": "2026-03-01T12:00:00Z",
        "connected": True,
    }
    assert gateway.surface.done == [("pair", "telegram", "API")]


async def test_a_channel_that_does_not_run_here_is_said_to_be_off(gateway: Gateway) -> None:
    gateway.surface.channels.clear()
    async with gateway.client() as client:
        answer = await client.post("/api/pairing", json=CODE, headers=gateway.bearer)
    assert not answer.json()["connected"]


async def test_somebody_is_put_out_once(gateway: Gateway) -> None:
    gateway.surface.people.append(BOB)
    path = "/api/people/whatsapp/%2B491701234567"
    async with gateway.client() as client:
        answer = await client.delete(path, headers=gateway.bearer)
        again = await client.delete(path, headers=gateway.bearer)
    assert answer.json() == {
        "channel": "whatsapp",
        "user": "+491701234567",
        "name": "Bob",
        "added_at": "2026-03-01T12:00:00Z",
    }
    assert (again.status_code, again.json()["title"]) == (404, "Not Found")
    assert gateway.surface.people == []


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/api/pairing"), ("DELETE", "/api/people/whatsapp/%2B491701234567")],
)
async def test_a_browsers_login_lets_nobody_in_or_out(
    gateway: Gateway, method: str, path: str
) -> None:
    gateway.surface.people.append(BOB)
    body = CODE if method == "POST" else None
    async with gateway.client() as client:
        client.cookies.update(gateway.cookie)
        refused = await client.request(method, path, json=body, headers=gateway.origin)
        client.cookies.clear()
        stranger = await client.request(method, path, json=body)
    assert (refused.status_code, stranger.status_code) == (403, 401)
    assert "wingman setup" in refused.text
    assert gateway.surface.done == []


@pytest.mark.parametrize("channel", ["", "Telegram", "a" * 31, "../x", None])
async def test_only_a_channels_name_will_do(gateway: Gateway, channel: str | None) -> None:
    async with gateway.client() as client:
        body = {"channel": channel}
        answer = await client.post("/api/pairing", json=body, headers=gateway.bearer)
    assert answer.status_code == 422
    assert gateway.surface.done == []
