import json

import pytest

from bot.commands.looking import complete_prompt, complete_session
from bot.core.lifecycle import Phase
from tests.commands.conftest import Beside
from tests.support.commandline import CommandLine
from tests.support.surface import make_session

LONG = "a-session-with-a-name-that-is-a-good-deal-longer-than-any-column-of-a-narrow-table"


@pytest.fixture
def shops(beside: Beside) -> Beside:
    surface = beside.gateway.surface
    surface.open_sessions = [
        make_session("docs", phase=Phase.IDLE, directory="/tmp/\x1b[2J"),
        make_session(LONG),
    ]
    surface.wait(make_session("shop", 2), "k3f9")
    return beside


def test_the_table(wingman: CommandLine, shops: Beside) -> None:
    ran = wingman("sessions")
    assert (ran.code, ran.err) == (0, "")
    head, *rows = ran.out.splitlines()
    assert head.split() == ["NAME", "AGENT", "STATE", "SINCE", "DIRECTORY", "WAITS", "NOTES"]
    assert rows[0].split()[:3] == ["shop", "claude", "waiting"]
    assert rows[0].split()[-1] == "k3f9"
    assert "\x1b" not in ran.out
    assert LONG in ran.out
    assert wingman("status").out == ran.out


def test_no_sessions(wingman: CommandLine, beside: Beside) -> None:
    ran = wingman("sessions")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("No sessions. Start one: wingman start NAME")


@pytest.mark.parametrize("arguments", [("sessions", "--json"), ("status", "--json")])
def test_one_document_and_nothing_else(
    wingman: CommandLine, shops: Beside, arguments: tuple[str, ...]
) -> None:
    ran = wingman(*arguments)
    found = json.loads(ran.out)
    assert [session["name"] for session in found] == ["shop", "docs", LONG]
    assert (found[0]["state"], found[0]["prompt"]) == ("approval", "k3f9")
    assert ran.err == ""


def test_one_session(wingman: CommandLine, shops: Beside) -> None:
    assert json.loads(wingman("status", "sho", "--json").out)["name"] == "shop"
    assert wingman("status", "sho").out == "you said status shop\n"
    ran = wingman("status", "hotel")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == f"wingman: there is no session 'hotel': shop, docs, {LONG}\n"


def test_a_name_that_several_have(wingman: CommandLine, beside: Beside) -> None:
    beside.gateway.surface.open_sessions = [make_session("shop-web"), make_session("shop-api", 2)]
    ran = wingman("peek", "shop")
    assert (ran.code, ran.err) == (1, "wingman: which one? shop-web, shop-api\n")


def test_pending(wingman: CommandLine, shops: Beside) -> None:
    assert wingman("pending").out == "you said pending\n"
    (found,) = json.loads(wingman("pending", "--json").out)
    assert {key: found[key] for key in ("code", "session", "agent", "kind", "subject")} == {
        "code": "k3f9",
        "session": "shop",
        "agent": "claude",
        "kind": "approval",
        "subject": "npm run build",
    }
    assert [choice["role"] for choice in found["choices"]] == [
        "allow_once",
        "allow_always",
        "deny",
    ]
    assert found["age"] > 0


def test_peek(wingman: CommandLine, shops: Beside) -> None:
    assert wingman("peek", "sho", "-n", "2").out == "shop line 1\nshop line 2\n"


def test_completion_never_fails(
    wingman: CommandLine, shops: Beside, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert complete_session("sh") == ["shop"]
    assert complete_prompt("k") == ["k3f9"]
    shops.stop()
    assert complete_prompt("k") == []
    assert complete_session("sh") == []
    monkeypatch.setenv("WINGMAN_WEB__PORT", "many")
    assert complete_session("sh") == []
