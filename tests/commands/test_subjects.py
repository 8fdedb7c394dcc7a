from __future__ import annotations

from bot.app import agents
from bot.commands.subjects import subjects


def test_every_agent_that_can_be_tried_is_one_that_can_be_started() -> None:
    assert subjects().keys() >= {"claude", "opencode"}
    for name, subject in subjects().items():
        assert subject.agent == name
        assert agents()[name].launch
