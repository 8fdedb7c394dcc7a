from __future__ import annotations

from dataclasses import replace

from bot.canary.script import EITHER
from bot.canary.subjects.claude import CASES, SUBJECT
from bot.core.trials import Way


def test_only_what_a_hook_can_answer_is_tried_by_hook() -> None:
    keys, either = replace(CASES[0], ways=frozenset({Way.PANE})), replace(CASES[1], ways=EITHER)
    subject = replace(SUBJECT, cases=(keys, either))

    assert subject.cases_by(Way.PANE) == (keys, either)
    assert subject.cases_by(Way.HOOK) == (either,)
