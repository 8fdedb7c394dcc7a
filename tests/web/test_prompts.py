import httpx
import pytest

from tests.support.gateway import Gateway
from tests.support.surface import make_session


@pytest.fixture(autouse=True)
def laid_out(gateway: Gateway) -> None:
    gateway.surface.wait(make_session("one"), "k3f9")


async def test_prompts_and_one_prompt(api: httpx.AsyncClient) -> None:
    (prompt,) = (await api.get("/api/prompts")).json()
    assert (prompt["code"], prompt["subject"]) == ("k3f9", "npm run build")
    assert [choice["role"] for choice in prompt["choices"]] == [
        "allow_once",
        "allow_always",
        "deny",
    ]
    assert (await api.get("/api/prompts/k3f9")).json() == prompt
    assert (await api.get("/api/prompts/zzzz")).status_code == 404


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        ({"decision": "approve"}, "approve"),
        ({"decision": "always"}, "always"),
        ({"decision": "deny", "reason": "not now"}, "deny"),
        ({"choices": [2]}, "choose"),
        ({"decision": "answer", "reason": "blue"}, "answer"),
    ],
)
async def test_decisions(
    gateway: Gateway, api: httpx.AsyncClient, body: dict[str, object], verdict: str
) -> None:
    answer = await api.post("/api/prompts/k3f9/decision", json=body)
    assert answer.json()["state"] == "confirmed"
    reason = str(body.get("reason", ""))
    assert gateway.surface.done == [("decide", "k3f9", verdict, reason, "API")]


@pytest.mark.parametrize("body", [{}, {"decision": "maybe"}, {"decision": "choose"}])
async def test_no_decision_is_made_of_nothing(
    gateway: Gateway, api: httpx.AsyncClient, body: dict[str, object]
) -> None:
    answer = await api.post("/api/prompts/k3f9/decision", json=body)
    assert answer.status_code == 422
    assert not gateway.surface.done


async def test_a_stale_decision_gets_the_current_prompt(
    gateway: Gateway, api: httpx.AsyncClient
) -> None:
    body = {"decision": "approve"}
    await api.post("/api/prompts/k3f9/decision", json=body)
    alone = await api.post("/api/prompts/k3f9/decision", json=body)
    assert (alone.status_code, alone.json()["current"]) == (409, None)
    gateway.surface.wait(make_session("one"), "q2wd")
    stale = await api.post("/api/prompts/k3f9/decision", json=body)
    assert (stale.status_code, stale.json()["current"]["code"]) == (409, "q2wd")
    assert "nothing was pressed" in stale.json()["detail"]
    assert (await api.post("/api/prompts/zzzz/decision", json=body)).status_code == 404
