"""One prompt, one row, whichever source saw it first."""

from __future__ import annotations

from dataclasses import replace

from bot.core.agent import State
from bot.core.approvals import Happening
from bot.core.hooks import Asked, Began, PromptSubmitted, SessionBegan, ToolEnded, TurnEnded
from bot.core.lifecycle import Phase
from bot.core.prompts import Kind, fingerprint
from bot.core.signals import Signal
from tests.support.hook_events import ALWAYS_MAKE, asked_command
from tests.support.playbook import (
    Playbook,
    becomes,
    closes,
    disputes,
    joins,
    leaves,
    opens,
    prompt,
    reports,
    says,
    sees,
    session,
    tells,
    vanishes,
    waits,
)

EXACT = "make  all"
DIALOG = prompt("make all")
WAITING = session(Phase.WAITING)


def call(command: str = EXACT, name: str = "c1") -> Asked:
    return replace(asked_command(command, ALWAYS_MAKE), call=name)


def test_hook_first_then_the_dialog_is_one_row_with_the_exact_command() -> None:
    book = Playbook(WAITING) << sees(DIALOG, asked=[call()]) >> opens(EXACT, 0)
    after = (book << sees(DIALOG, asked=[call()])).done()
    (opened,) = book.opened
    assert (opened.call, opened.shown) == ("c1", DIALOG)
    assert opened.fingerprint == fingerprint(opened.prompt, call().arguments)
    assert after.fingerprint == fingerprint(DIALOG)
    assert after.call == "c1"


def test_the_dialog_first_then_the_hook_joins_the_row() -> None:
    book = Playbook(WAITING) << sees(DIALOG) >> opens("make all", 0)
    book = book << sees(DIALOG, asked=[call()]) >> joins(1, EXACT)
    assert (book << sees(DIALOG, asked=[call()])).done().call == "c1"


def test_no_dialog_comes_and_the_hook_alone_opens_it() -> None:
    book = Playbook(session()) << waits(call()) >> opens(EXACT, 0) >> becomes(Phase.WAITING)
    after = (book << sees(State.WORKING)).done()
    assert after.hooked_only
    assert after.phase is Phase.WAITING
    assert book.opened[0].shown is None


def test_the_dialog_that_comes_late_joins_the_row_of_the_hook() -> None:
    book = Playbook(WAITING) << waits(call()) >> opens(EXACT, 0)
    book = book << sees(DIALOG, asked=[call()]) >> joins(1, EXACT)
    book = (
        book << sees(State.WORKING) >> closes(1, Happening.LEFT_SCREEN) >> becomes(Phase.WORKING)
    )
    assert book.done().epoch == 1


def test_another_dialog_takes_the_place_of_the_hooks_row() -> None:
    book = Playbook(WAITING) << waits(call()) >> opens(EXACT, 0)
    other = prompt("rm -rf build")
    book = book << sees(other, asked=[call()])
    book = book >> closes(1, Happening.REPLACED) >> opens("rm -rf build", 1) >> disputes(EXACT)
    assert book.done().call == ""


def test_the_screen_contradicts_the_hook() -> None:
    """Only the screen's own rows are offered then."""
    book = Playbook(WAITING) << sees(prompt("rm -rf build"), asked=[call()])
    book = book >> opens("rm -rf build", 0) >> disputes(EXACT)
    assert book.done().call == ""
    assert book.opened[0].call == ""


def test_dialogs_that_no_hook_is_asked_about_are_no_contradiction() -> None:
    book = Playbook(WAITING) << sees(prompt("x", kind=Kind.TRUST), asked=[call()]) >> opens("x", 0)
    book.done()


def test_the_newest_of_two_equal_calls_is_the_one() -> None:
    newer = call(name="c2")
    book = Playbook(WAITING) << sees(DIALOG, asked=[newer, call()]) >> opens(EXACT, 0)
    assert book.done().call == "c2"


def test_a_second_hook_does_not_open_a_second_row() -> None:
    book = Playbook(WAITING) << waits(call()) >> opens(EXACT, 0)
    book = book << waits(call(name="c2"))
    assert (book << sees(DIALOG, asked=[call()]) >> joins(1, EXACT)).done().call == "c1"


def test_what_cannot_be_read_is_opened_from_the_hook() -> None:
    unreadable = prompt("", kind=Kind.UNREADABLE)
    book = Playbook(WAITING) << sees(unreadable, asked=[call()]) >> opens(EXACT, 0)
    assert book.opened[0].prompt.kind is Kind.APPROVAL
    assert book.opened[0].shown == unreadable
    book.done()


def test_a_tool_that_ran_closes_the_row_of_its_call() -> None:
    ran = ToolEnded("Bash", call().arguments)
    book = Playbook(WAITING) << waits(call()) >> opens(EXACT, 0)
    book = book << tells(ran) << tells(ran, ended="c0")
    book = book << tells(ran, ended="c1") >> closes(1, Happening.LEFT_SCREEN)
    assert (book.done().prompt, book.done().epoch) == (None, 1)


def test_a_hook_that_leaves_withdraws_only_what_nobody_sees() -> None:
    book = Playbook(WAITING) << waits(call()) >> opens(EXACT, 0)
    book = book << leaves("c0")
    assert (book << leaves("c1") >> closes(1, Happening.WITHDRAWN)).done().prompt is None

    book = Playbook(WAITING) << sees(DIALOG, asked=[call()]) >> opens(EXACT, 0)
    after = (book << leaves("c1")).done()
    assert (after.prompt, after.call) == ("prompt-1", "")


def test_the_conversation_is_bound_to_the_session() -> None:
    began = SessionBegan(Began.STARTUP)
    book = Playbook(session()) << tells(began, conversation="a", transcript="/a.jsonl")
    book = book << tells(TurnEnded("Done."), conversation="b", subagent="Explore")
    after = book.done()
    assert (after.conversation, after.transcript, after.agent_pid) == ("a", "/a.jsonl", 4711)
    book = book << tells(SessionBegan(Began.CLEAR), conversation="b", transcript="/b.jsonl")
    assert book.done().conversation == "b"
    assert book.done().pane == session().pane


def test_why_a_turn_broke_off_holds_until_somebody_goes_on() -> None:
    book = Playbook(session(Phase.IDLE)) << tells(TurnEnded("", "API Error: 400"))
    assert book.done().vitals.stopped == "API Error: 400"
    book = book << sees(State.IDLE) << tells(ToolEnded("Bash", "{}"))
    assert book.done().vitals.stopped == "API Error: 400"
    for over in (PromptSubmitted("again"), TurnEnded("Done."), SessionBegan(Began.CLEAR)):
        assert (book << tells(over)).done().vitals.stopped == ""
        book = book << tells(TurnEnded("", "API Error: 400"))
    assert (book << tells(TurnEnded("Fine."), subagent="Explore")).done().vitals.stopped


def test_tests_that_the_screen_folds_away_are_counted_by_the_hook() -> None:
    ran = ToolEnded("Bash", "{}", output="===== 2 failed, 8 passed in 1.20s =====\n")
    book = Playbook(session(Phase.WORKING)) << tells(ran)
    assert book.done().vitals.tests == "8/10"
    book = book << tells(ToolEnded("Bash", "{}", output="ok\n")) << sees(State.WORKING)
    assert book.done().vitals.tests == "8/10"


def test_which_model_is_at_work_is_known_before_its_banner_is_seen() -> None:
    book = Playbook(session()) << tells(SessionBegan(Began.STARTUP, "opus"))
    assert (book << tells(SessionBegan(Began.CLEAR))).done().vitals.model == "opus"


def test_a_session_that_ends_takes_the_hooks_row_with_it() -> None:
    book = Playbook(WAITING) << waits(call()) >> opens(EXACT, 0)
    book = book << vanishes("gone") >> closes(1, Happening.PANE_GONE)
    book = book >> becomes(Phase.ENDED, reason="gone")
    assert (book << waits(call())).done().call == ""


def test_a_signal_in_the_last_message_and_on_the_screen_is_told_once() -> None:
    def under(words: str) -> Signal:
        return replace(says("DONE", "tests pass"), asked=words)

    play = Playbook(session(Phase.IDLE))
    play << tells(PromptSubmitted("fix the bug"))
    (
        play
        << tells(TurnEnded("It works.\n\n:::DONE:`tests` pass:::"))
        >> reports("DONE", "`tests` pass")
    )
    play << sees(State.IDLE, under("fixthebug"))
    play << tells(PromptSubmitted("add tests"))
    play << sees(State.IDLE, replace(under("fixthebug"), earlier=True), under("addtests"))
    play >> reports("DONE", "tests pass")
    play << tells(TurnEnded(":::DONE:tests pass:::"))
    play.done()
