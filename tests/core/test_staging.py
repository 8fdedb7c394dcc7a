from __future__ import annotations

from datetime import timedelta

from bot.core.agent import Reading, State
from bot.core.decide import decide
from bot.core.events import Event, Observed, Vanished
from bot.core.lifecycle import Phase
from bot.core.sessions import Session
from bot.core.stages import Stage
from bot.core.staging import FLICKER, TURN_OVER
from tests.support.playbook import NOON, EventAt, prompt, says, sees, session

NEW = session(Phase.STARTING)


def follow(start: Session, *events: EventAt | Event, every: float = 10) -> Session:
    at = NOON
    for event in events:
        at += timedelta(seconds=every)
        start, _ = decide(start, event(at) if callable(event) else event)
    return start


def stages(found: Session) -> list[tuple[str, str]]:
    return [(step.stage.value, step.why) for step in found.history]


def shell(at: object) -> Event:
    return Observed(NOON + timedelta(hours=1), Reading("generic", State.SHELL))


def test_a_task_from_its_start_to_its_end() -> None:
    found = follow(
        NEW,
        sees(State.IDLE),
        sees(State.WORKING),
        sees(prompt("make")),
        sees(State.WORKING),
        sees(State.WORKING, says("DONE", "tests pass")),
        sees(State.IDLE, says("DONE", "tests pass")),
    )
    assert stages(found) == [
        ("working", ""),
        ("waiting_input", "a dialog is open"),
        ("working", ""),
        ("done", "it said DONE: tests pass"),
    ]
    assert found.task_at == NOON + timedelta(seconds=20)


def test_a_turn_that_ends_without_a_word() -> None:
    assert stages(follow(NEW, sees(State.IDLE), sees(State.WORKING), sees(State.IDLE)))[-1] == (
        "done",
        TURN_OVER,
    )


def test_a_request_for_help_is_not_done_when_the_turn_ends() -> None:
    asks = says("HELP", "which port?")
    found = follow(NEW, sees(State.WORKING), sees(State.WORKING, asks), sees(State.IDLE, asks))
    assert found.stage is Stage.WAITING_INPUT


def test_an_error_stays_until_it_works_again() -> None:
    broke = says("ERROR", "no disk")
    found = follow(NEW, sees(State.WORKING), sees(State.IDLE, broke))
    assert found.stage is Stage.ERROR
    assert follow(found, sees(State.WORKING, broke)).stage is Stage.WORKING


def test_a_moment_of_rest_begins_no_new_task() -> None:
    short = FLICKER.total_seconds() / 2
    found = follow(NEW, sees(State.WORKING), sees(State.IDLE), sees(State.WORKING), every=short)
    assert found.task_at == NOON + timedelta(seconds=short)
    found = follow(NEW, sees(State.WORKING), sees(State.IDLE), sees(State.WORKING), every=60)
    assert found.task_at == NOON + timedelta(seconds=180)


def test_an_agent_that_leaves_in_the_middle_of_its_work() -> None:
    found = follow(NEW, sees(State.WORKING), shell)
    assert (found.stage, found.left_by) == (Stage.ERROR, "claude")
    assert follow(found, sees(State.IDLE)).left_by == ""


def test_an_agent_that_was_ended_at_its_composer_is_nothing_to_tell() -> None:
    found = follow(NEW, sees(State.IDLE), sees(State.WORKING), sees(State.IDLE), shell)
    assert (found.stage, found.left_by) == (Stage.DONE, "")


def test_gone_and_crashed() -> None:
    gone = follow(NEW, sees(State.WORKING), Vanished(NOON, "its pane is gone"))
    assert stages(gone)[-1] == ("cleaned", "its pane is gone")
    crashed = Vanished(NOON, "its program ended with status 1", crashed=True)
    assert follow(NEW, crashed).stage is Stage.ERROR


def test_a_plain_shell_has_the_stages_that_its_output_tells() -> None:
    plain = session(Phase.SHELL, agent="")

    def prints(kind: str, text: str) -> EventAt:
        return lambda at: Observed(
            at, Reading("generic", State.SHELL, signals=(says(kind, text),))
        )

    found = follow(plain, prints("PROGRESS", "50"), prints("DONE", "built"))
    assert stages(found) == [("working", ""), ("done", "it said DONE: built")]
