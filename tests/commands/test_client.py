import json
from pathlib import Path

import pytest

from bot.commands.client import Client, NoGateway, NotDone, listens
from tests.commands.conftest import Beside
from tests.support.surface import make_session


def test_a_command_is_answered(beside: Beside, socket: Path) -> None:
    with Client(socket) as client:
        assert client.command("ping")["notice"]["title"] == "you said ping"
        assert not client.command("refuse this")["ok"]
    assert beside.gateway.surface.done[0] == ("command", "ping", "terminal")


def test_looking(beside: Beside, socket: Path) -> None:
    beside.gateway.surface.open_sessions = [make_session("one")]
    with Client(socket) as client:
        assert client.get("/api/sessions")[0]["name"] == "one"
        assert client.text("/api/sessions/one/screen?lines=1") == "one line 1"


def test_a_link_for_a_browser(beside: Beside, socket: Path) -> None:
    with Client(socket) as client:
        assert client.link().startswith(f"{beside.gateway.url}/?link=")


def test_what_the_gateway_refuses_is_said_in_its_words(beside: Beside, socket: Path) -> None:
    with Client(socket) as client, pytest.raises(NotDone, match="There is no session 'x'") as no:
        client.get("/api/sessions/x")
    assert no.value.problem["status"] == 404
    with Client(socket) as client, pytest.raises(NotDone):
        list(client.stream("/api/nothing"))


def test_events(beside: Beside, socket: Path) -> None:
    with Client(socket) as client:
        client.post("/api/chat", {"text": "hello"})
        events = client.stream("/api/chat/events")
        first = next(events)
        assert (first.name, first.id, json.loads(first.data)["text"]) == ("message", "1", "hello")
        assert next(events).name == "synced"


@pytest.mark.parametrize("path", ["wingman.sock", "missing/wingman.sock"])
def test_no_gateway_is_one_line(tmp_path: Path, path: str) -> None:
    with Client(tmp_path / path) as client:
        with pytest.raises(NoGateway, match="start one with `wingman run`"):
            client.command("ping")
        with pytest.raises(NoGateway):
            next(client.stream("/api/events"))


def test_whether_one_listens(beside: Beside, socket: Path) -> None:
    assert listens(socket)
    assert not listens(socket.with_name("other.sock"))
