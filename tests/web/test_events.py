import json

import httpx

from bot.core.decisions import Decision, Verdict
from bot.web.documents import SessionDoc
from bot.web.events import Snapshot, differences
from tests.support.gateway import Gateway
from tests.support.surface import make_session
from tests.web.test_chat import hear


def snapshot(*names: str, state: str = "") -> Snapshot:
    docs = [SessionDoc.of(make_session(name, task=state), {}) for name in names]
    return Snapshot(sessions=docs, prompts=[])


def test_only_what_changed_is_told() -> None:
    told = b"".join(differences(snapshot("one", "two"), snapshot("one", "three"))).decode()
    assert "event: session\n" in told
    assert '"three"' in told
    assert 'event: session_gone\ndata: {"key":"two"}' in told
    assert '"one"' not in told
    assert not list(differences(snapshot("one"), snapshot("one")))
    assert len(list(differences(snapshot("one"), snapshot("one", state="new")))) == 1


async def test_the_list_lives(gateway: Gateway, api: httpx.AsyncClient) -> None:
    session = make_session("one")
    gateway.surface.open_sessions = [session]
    async with api.stream("GET", "/api/events") as answer:
        events = hear(answer.aiter_lines())
        first = await anext(events)
        assert first["event"] == "snapshot"
        assert [s["name"] for s in first["data"]["sessions"]] == ["one"]

        gateway.surface.wait(session, "k3f9")
        seen = [await anext(events), await anext(events)]
        assert {event["event"] for event in seen} == {"session", "prompt"}
        assert seen[0]["data"]["prompt"] == "k3f9"

        await gateway.surface.decide("k3f9", Decision(Verdict.DENY), "me")
        seen = [await anext(events), await anext(events)]
        assert json.dumps({"key": "k3f9"}) in [json.dumps(event["data"]) for event in seen]
