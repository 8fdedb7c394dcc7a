import httpx
import pytest

from tests.support.gateway import Gateway
from tests.support.surface import make_session


@pytest.fixture(autouse=True)
def laid_out(gateway: Gateway) -> None:
    session = make_session("one")
    gateway.surface.open_sessions = [session, make_session("two", 2)]
    gateway.surface.wait(session, "k3f9")


async def test_sessions_and_one_session(api: httpx.AsyncClient) -> None:
    both = (await api.get("/api/sessions")).json()
    assert [(s["name"], s["prompt"]) for s in both] == [("one", "k3f9"), ("two", None)]
    assert (await api.get("/api/sessions/two")).json()["phase"] == "working"
    missing = await api.get("/api/sessions/three")
    assert (missing.status_code, missing.json()["detail"]) == (404, "There is no session 'three'")


async def test_starting(gateway: Gateway, api: httpx.AsyncClient) -> None:
    body = {"name": "new", "directory": "/tmp/x", "prompt": "fix it", "permission_mode": "plan"}
    assert (await api.post("/api/sessions", json=body)).status_code == 201
    assert gateway.surface.done == [("start", "new", "/tmp/x", "fix it", "", "plan", "API")]
    assert (await api.post("/api/sessions", json={"name": "taken"})).status_code == 409
    assert (await api.post("/api/sessions", json={"name": ""})).status_code == 422


async def test_feeding_and_stopping(gateway: Gateway, api: httpx.AsyncClient) -> None:
    sent = await api.post("/api/sessions/two/input", json={"text": "go on"})
    assert sent.json()["notice"]["title"] == "delivered"
    assert (await api.delete("/api/sessions/two", params={"force": "true"})).is_success
    assert gateway.surface.done == [
        ("input", "two", "go on", "API"),
        ("stop", "two", "True", "API"),
    ]
    assert (await api.delete("/api/sessions/three")).status_code == 404


async def test_the_screen_is_text(api: httpx.AsyncClient) -> None:
    screen = await api.get("/api/sessions/one/screen", params={"lines": 2})
    assert screen.text == "one line 1\none line 2"
    assert screen.headers["content-type"].startswith("text/plain")
    for lines in ("0", "2001", "x"):
        answer = await api.get("/api/sessions/one/screen", params={"lines": lines})
        assert answer.status_code == 422


@pytest.mark.parametrize(
    ("accept", "kind", "body"),
    [
        ("image/png", "image/png", b"one as png"),
        ("IMAGE/SVG+XML; q=0.9, */*", "image/svg+xml", b"one as svg"),
        ("image/avif,image/*;q=0.8", "image/png", b"one as png"),
        ("text/*;q=0.5", "text/plain; charset=utf-8", b"one line 1"),
        ("text/html, */*", "text/plain; charset=utf-8", b"one line 1"),
    ],
)
async def test_the_screen_is_what_the_client_takes(
    api: httpx.AsyncClient, accept: str, kind: str, body: bytes
) -> None:
    path = "/api/sessions/one/screen?lines=1"
    answer = await api.get(path, headers={"Accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
    assert answer.content == body


async def test_a_kind_of_screen_that_there_is_not(api: httpx.AsyncClient) -> None:
    path = "/api/sessions/one/screen"
    answer = await api.get(path, headers={"Accept": "application/pdf"})
    assert answer.status_code == 406
    assert answer.json()["detail"] == "Ask for text/plain, image/png or image/svg+xml"
    answer = await api.get("/api/sessions/nobody/screen", headers={"Accept": "image/png"})
    assert answer.status_code == 404


async def test_what_other_hubs_ask(gateway: Gateway, api: httpx.AsyncClient) -> None:
    state = (await api.get("/api/agent/one/state")).json()
    assert (state["id"], state["state"], state["prompt"]["code"]) == ("one", "approval", "k3f9")
    assert (await api.get("/api/agent/two/state")).json()["prompt"] is None
    nothing = await api.post("/api/agent/two/approve", json={"decision": "yes"})
    assert nothing.status_code == 409
    settled = await api.post("/api/agent/one/approve", json={"decision": "no"})
    assert settled.json()["state"] == "confirmed"
    assert gateway.surface.done == [("decide", "k3f9", "deny", "", "API")]


async def test_two_open_prompts_are_never_guessed_between(
    gateway: Gateway, api: httpx.AsyncClient
) -> None:
    gateway.surface.wait(gateway.surface.open_sessions[0], "q2wd")
    answer = await api.post("/api/agent/one/approve", json={"decision": "yes"})
    assert answer.status_code == 409
    assert not gateway.surface.done
