"""What is run when a session is started."""

from __future__ import annotations

import json

import pytest

from bot.core.agent import AgentSpec, Reading, State
from bot.core.errors import Refused
from bot.core.hook_settings import PROGRAM, HookSetup, Scope
from bot.core.screen import Screen
from bot.services.launching import TEACHING, Launcher, StartRequest

HOOK = f"exec /opt/w/{PROGRAM}"


def read_nothing(screen: Screen) -> Reading:
    return Reading("", State.NONE)


CODER = AgentSpec(
    "coder",
    "Coder",
    frozenset({"coder"}),
    read_nothing,
    launch=("coder",),
    permission_flag="--mode",
    default_mode="ask",
    teach_flag="--teach",
    resume_flag="--resume",
    hooks=HookSetup({Scope.USER: ".coder.json"}, {"Stop": 5}, flag="--settings"),
)
PLAIN = AgentSpec("plain", "Plain", frozenset({"plain"}), read_nothing, launch=("plain",))
SEEN_ONLY = AgentSpec("seen", "Seen", frozenset({"seen"}), read_nothing)
KNOWN = {"coder": CODER, "plain": PLAIN, "seen": SEEN_ONLY}


def argv(command: str, agent: str = "", mode: str = "", hook: str = "") -> tuple[str, ...]:
    request = StartRequest("shop", "/shop", agent=agent, permission_mode=mode)
    return Launcher(KNOWN, command, hook).argv(request)


@pytest.mark.parametrize(
    ("command", "mode", "expected"),
    [
        ("coder", "", ("coder", "--mode", "ask")),
        ("coder --mode plan -v", "", ("coder", "--mode", "plan", "-v")),
        ("coder --mode plan -v", "auto", ("coder", "-v", "--mode", "auto")),
        ("coder --mode=plan -v", "auto", ("coder", "-v", "--mode", "auto")),
        ("coder --mode=plan", "", ("coder", "--mode=plan")),
    ],
)
def test_the_permission_mode_is_always_said_and_never_twice(
    command: str, mode: str, expected: tuple[str, ...]
) -> None:
    assert argv(command, mode=mode) == (*expected, "--teach", TEACHING)


def test_another_agent_is_started_by_its_own_command() -> None:
    assert argv("coder --mode plan", agent="plain") == ("plain",)
    assert argv("/opt/coder -v", agent="coder")[:2] == ("/opt/coder", "-v")


def test_a_command_that_is_no_known_agent_runs_as_it_is() -> None:
    assert argv("make watch", mode="auto", hook=HOOK) == ("make", "watch")


@pytest.mark.parametrize("agent", ["nobody", "seen"])
def test_an_agent_that_cannot_be_started_is_refused_with_those_that_can(agent: str) -> None:
    with pytest.raises(Refused, match=f"'{agent}' .I can start: coder, plain"):
        argv("coder", agent=agent)


def test_its_hooks_come_along_for_this_run() -> None:
    words = argv("coder", hook=HOOK)

    settings = json.loads(words[words.index("--settings") + 1])
    assert [entry["hooks"][0]["command"] for entry in settings["hooks"]["Stop"]] == [HOOK]
    assert words[-2:] == ("--teach", TEACHING)


@pytest.mark.parametrize("command", ["coder --settings mine.json", "coder --settings={}"])
def test_settings_of_the_persons_own_stay_the_only_ones(command: str) -> None:
    assert HOOK not in " ".join(argv(command, hook=HOOK))


def test_an_agent_without_hooks_gets_none() -> None:
    assert argv("plain", hook=HOOK) == ("plain",)


def test_an_agent_is_taught_the_mark_of_its_signals() -> None:
    spec = AgentSpec(
        "a", "A", frozenset({"a"}), lambda _: Reading("a", State.IDLE), teach_flag="--teach"
    )
    argv = Launcher({"a": spec}, "a").argv(StartRequest("x", "/", tag="k3f"))
    assert "write #k3f" in argv[-1]
    assert "#" not in Launcher({"a": spec}, "a").argv(StartRequest("x", "/"))[-1]


def resumed(command: str, conversation: str, agent: str = "") -> tuple[str, ...]:
    request = StartRequest("shop", "/shop", agent=agent, conversation=conversation)
    return Launcher(KNOWN, command).argv(request)


def test_a_conversation_is_gone_on_with_where_the_agent_can() -> None:
    known, launcher = "0a1b2c3d-4e5f-6789", Launcher(KNOWN, "coder")
    assert resumed("coder", known)[3:5] == ("--resume", known)
    assert resumed("coder --resume other-one", known).count("--resume") == 1
    assert "--resume" not in resumed("coder", known, agent="plain")
    assert launcher.resumes("coder", known)
    assert not launcher.resumes("plain", known)
    for odd in ("", "-rf", "--help-me", "a b c d e f g", "../../../x", "0a1b\n2c3d4e"):
        assert "--resume" not in resumed("coder", odd)
        assert not launcher.resumes("coder", odd)
