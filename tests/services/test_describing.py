from __future__ import annotations

from datetime import timedelta

from bot.core.hearing import Heard, Memory
from bot.core.lifecycle import Phase
from bot.core.stages import Stage, Step, stepped
from bot.core.vitals import Vitals
from bot.services.describing import STEPS, facts, history
from tests.support.playbook import NOON, session


def test_all_that_is_known_one_line_each() -> None:
    known = session(
        Phase.WORKING,
        task="fix the login",
        activity="Baking…",
        memory=Memory(turn=(Heard("PROGRESS:50%"),)),
        vitals=Vitals(
            title="Login",
            model="Opus 5.5",
            mode="plan mode",
            context=12,
            cost="$0.42",
            tests="8/10",
            trouble="retrying in 3s",
        ),
    )
    assert facts(known, NOON + timedelta(minutes=4)) == [
        "Agent: claude · Opus 5.5 · plan mode",
        "State: working for 4 min",
        "⚠️: retrying in 3s",
        "Task: fix the login",
        "Title: Login",
        "Progress: 50 %",
        "Tests: 8/10 passed",
        "Doing: Baking…",
        "Context: 12 % used",
        "Cost: $0.42",
        "Last activity: 4 min ago",
        "Started: 4 min ago (found)",
        "Directory: /home/me/api",
    ]


def test_what_is_not_known_is_left_out() -> None:
    lines = facts(session(Phase.IDLE, agent=""), NOON)
    assert [line.split(":")[0] for line in lines] == [
        "State",
        "Last activity",
        "Started",
        "Directory",
    ]


def test_the_last_steps_of_a_history() -> None:
    steps: tuple[Step, ...] = ()
    for _ in range(STEPS):
        steps = stepped(steps, Stage.WORKING, "", NOON)
        steps = stepped(steps, Stage.DONE, "it said DONE:\n" + "x" * 200, NOON)
    lines = history(steps).splitlines()
    assert len(lines) == STEPS
    assert lines[-2].endswith(" working")
    assert " done: it said DONE: xxx" in lines[-1]
    assert max(map(len, lines)) == 80


def test_what_an_agent_said_of_its_progress_is_over_with_its_turn() -> None:
    done = session(Phase.IDLE, memory=Memory(turn=(Heard("PROGRESS:50%"),)))
    assert not [line for line in facts(done, NOON) if line.startswith("Progress")]
