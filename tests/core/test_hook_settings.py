from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import Refused
from bot.core.hook_settings import (
    PROGRAM,
    Fit,
    HookSetup,
    Scope,
    fits,
    installed,
    removed,
    settings_of,
)

COMMAND = "test -x /opt/w/bin/wingman-hook || exit 0; exec /opt/w/bin/wingman-hook"
SETUP = HookSetup({Scope.USER: ".agent/settings.json"}, {"Ask": 600, "Stop": 5})
LINT = {"matcher": "Edit", "hooks": [{"type": "command", "command": "make lint"}]}


def ours(within: int, command: str = COMMAND) -> dict[str, Any]:
    hook = {"type": "command", "command": command, "timeout": within}
    return {"matcher": "*", "hooks": [hook]}


def test_hooks_go_into_empty_settings() -> None:
    assert installed({}, SETUP, COMMAND) == {"hooks": {"Ask": [ours(600)], "Stop": [ours(5)]}}


def test_what_is_there_stays_and_comes_first() -> None:
    before = {"model": "opus", "hooks": {"Stop": [LINT], "Other": [LINT]}}

    after = installed(before, SETUP, COMMAND)

    assert after["model"] == "opus"
    assert after["hooks"] == {"Stop": [LINT, ours(5)], "Other": [LINT], "Ask": [ours(600)]}
    assert before == {"model": "opus", "hooks": {"Stop": [LINT], "Other": [LINT]}}


def test_installing_twice_is_installing_once() -> None:
    once = installed({"hooks": {"Stop": [LINT]}}, SETUP, COMMAND)

    assert installed(once, SETUP, COMMAND) == once


def test_an_older_installation_is_replaced() -> None:
    old = {"hooks": {"Stop": [ours(60, "/old/wingman-hook")], "Gone": [ours(5, "wingman-hook")]}}

    assert installed(old, SETUP, COMMAND) == installed({}, SETUP, COMMAND)


def test_a_group_shared_with_another_hook_keeps_that_one() -> None:
    theirs = {"type": "command", "command": "say done"}
    shared = {"matcher": "", "hooks": [theirs, {"type": "command", "command": "wingman-hook"}]}

    assert removed({"hooks": {"Stop": [shared]}}) == {
        "hooks": {"Stop": [{"matcher": "", "hooks": [theirs]}]}
    }


@pytest.mark.parametrize(
    "before",
    [
        {},
        {"hooks": {"Stop": [LINT]}, "env": {"A": "ü"}},
        {"permissions": {"allow": ["Bash(ls)"]}},
        {"hooks": {"Stop": [{"matcher": "x"}]}},
    ],
)
def test_what_was_put_in_comes_out_again(before: dict[str, Any]) -> None:
    after = removed(installed(before, SETUP, COMMAND))

    assert after == before


@pytest.mark.parametrize("empty", [{"hooks": {}}, {"hooks": {"Stop": []}}])
def test_empty_hooks_may_go_with_ours(empty: dict[str, Any]) -> None:
    assert removed(installed(empty, SETUP, COMMAND)) == {}


def test_status_tells_event_by_event() -> None:
    document = {"hooks": {"Ask": [ours(600)], "Stop": [ours(5, "wingman-hook --old")], "Old": []}}

    assert fits({}, SETUP, COMMAND) == {"Ask": Fit.MISSING, "Stop": Fit.MISSING}
    assert fits(document, SETUP, COMMAND) == {"Ask": Fit.INSTALLED, "Stop": Fit.OTHER}
    left = {"hooks": {"Old": [ours(5)]}}
    assert fits(left, SETUP, COMMAND)["Old"] is Fit.OTHER


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"hooks": []}, '"hooks" is no JSON object'),
        ({"hooks": {"Stop": {}}}, '"hooks" → "Stop" is no list'),
        ({"hooks": {"Stop": ["x"]}}, '"hooks" → "Stop" is no list'),
    ],
)
def test_settings_of_another_shape_are_left_alone(document: dict[str, Any], said: str) -> None:
    with pytest.raises(Refused, match=said):
        installed(document, SETUP, COMMAND)


def test_one_run_gets_the_same_hooks_as_a_whole_document() -> None:
    assert settings_of(SETUP, COMMAND) == installed({}, SETUP, COMMAND)


_theirs = st.text().filter(lambda text: PROGRAM not in text)
_hook = st.fixed_dictionaries({"type": st.just("command"), "command": _theirs})
_group = st.fixed_dictionaries({"matcher": st.text(), "hooks": st.lists(_hook)})
_groups = st.lists(_group, min_size=1)


@given(st.dictionaries(st.sampled_from(["Ask", "Stop", "Other"]), _groups, min_size=1))
def test_other_peoples_hooks_survive_any_install_and_uninstall(hooks: dict[str, Any]) -> None:
    document = {"hooks": hooks, "theme": "dark"}

    assert removed(installed(document, SETUP, COMMAND)) == document
