from __future__ import annotations

import pytest

from bot.demo.script import parse
from bot.demo.stories import STORIES


@pytest.mark.parametrize("name", STORIES)
def test_a_story_can_be_played_and_starts_anew_only_when_told_to(name: str) -> None:
    script = parse(STORIES[name])
    assert [step.kind for step in script.steps[-2:]] == ["idle", "repeat"]


def test_the_stories_show_each_kind_of_prompt_and_signals() -> None:
    kinds = {step.kind for story in STORIES.values() for step in parse(story).steps}
    assert {"bash", "edit", "ask", "plan", "signal"} <= kinds
