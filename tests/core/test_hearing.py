from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.core.hearing import (
    KEPT,
    NOTHING,
    Memory,
    baseline,
    forgetful,
    heard,
    printed,
    remembered,
    returned,
    turned,
)
from bot.core.signals import Signal, SignalKind

DONE = Signal(SignalKind.DONE, "tests pass")
FIX, ADD = replace(DONE, asked="fixthebug"), replace(DONE, asked="addtests")


def past(signal: Signal) -> Signal:
    return replace(signal, earlier=True)


def told(memory: Memory, *signals: Signal, tag: str = "") -> tuple[Memory, int]:
    memory, news = heard(memory, signals, tag)
    return memory, len(news)


def test_once_however_often_it_is_shown() -> None:
    memory, count = told(NOTHING, DONE)
    assert count == 1
    for shown in ((), (DONE,), (FIX,), (DONE,)):
        memory, count = told(memory, *shown)
        assert count == 0


def test_the_message_of_a_hook_and_the_screen_that_shows_it() -> None:
    drawn = Signal(SignalKind.DONE, "moved price() to shop.py, see https://h/a_b")
    raw = Signal(SignalKind.DONE, "moved `price()` to **shop.py**, see https://h/a_b")
    memory, count = told(NOTHING, raw)
    assert (count, told(memory, drawn)[1]) == (1, 0)


def test_the_same_words_under_another_task_are_news() -> None:
    memory, _ = told(NOTHING, FIX)
    memory, count = told(memory, past(FIX), ADD)
    assert count == 1
    for shown in ((past(FIX), ADD), (ADD,), (past(FIX),), ()):
        memory, count = told(memory, *shown)
        assert count == 0


def test_the_same_task_given_twice() -> None:
    memory, _ = told(NOTHING, FIX)
    memory = turned(memory, (past(FIX),))
    for expected in (1, 0, 0):
        memory, count = told(memory, past(FIX), FIX)
        assert count == expected


def test_what_came_while_nobody_looked_is_told_even_if_a_person_has_spoken_since() -> None:
    _, count = told(NOTHING, past(FIX), ADD)
    assert count == 2


def test_the_first_look_tells_nothing_and_knows_it_all() -> None:
    memory = baseline(NOTHING, (past(FIX), ADD))
    assert told(memory, past(FIX), ADD)[1] == 0


def test_a_shell_prints_it_again_and_again() -> None:
    memory = NOTHING
    for _ in range(3):
        memory, count = told(forgetful(memory, (DONE,)), DONE)
        assert count == 1
        memory, count = told(forgetful(memory, (DONE,)), DONE)
        assert count == 0
        memory, _ = told(forgetful(memory, ()))


def test_the_same_command_run_three_times_below_each_other() -> None:
    memory = NOTHING
    for runs in range(1, 4):
        shown = (*[past(FIX)] * (runs - 1), FIX)
        for expected in (1, 0):
            memory, count = told(forgetful(memory, shown), *shown)
            assert count == expected


def test_what_a_resize_brings_back_is_no_news() -> None:
    memory, _ = told(NOTHING, DONE)
    memory = forgetful(memory, ())
    memory, count = told(returned(memory, (DONE,)), DONE)
    assert count == 0
    other = Signal(SignalKind.HELP, "which port?")
    assert told(returned(memory, (DONE, other)), DONE, other)[1] == 1


def test_what_a_shell_printed_meanwhile_is_news_however_often_it_was_told() -> None:
    memory, _ = told(NOTHING, FIX)
    memory, news = printed(memory, (past(FIX), past(FIX), FIX), (past(FIX), past(FIX), FIX))
    assert len(news) == 3
    assert told(memory, past(FIX), past(FIX), FIX)[1] == 0
    memory, news = printed(memory, (), (FIX,))
    assert news == ()
    assert told(memory, FIX)[1] == 0
    assert printed(memory, (replace(FIX, tag="zzz"),), (), "k3f")[1] == ()


def test_with_a_tag_of_its_own() -> None:
    own, foreign = replace(DONE, tag="k3f"), replace(DONE, tag="zzz")
    help_ = Signal(SignalKind.HELP, "which port?")
    memory, count = told(NOTHING, foreign, tag="k3f")
    assert count == 0
    memory, count = told(memory, help_, tag="k3f")
    assert count == 1, "an agent that has not used its tag may have forgotten it"
    memory, count = told(memory, own, tag="k3f")
    assert count == 1
    memory, count = told(memory, Signal(SignalKind.ERROR, "shown in a file"), tag="k3f")
    assert count == 0


def test_sessions_from_before_there_was_a_memory() -> None:
    assert told(remembered(["DONE:tests pass"]), DONE)[1] == 0


_SIGHTS = st.lists(
    st.lists(
        st.builds(
            Signal,
            st.just(SignalKind.DONE),
            st.sampled_from(["a", "b"]),
            asked=st.sampled_from(["", "x", "xy"]),
            earlier=st.booleans(),
        ),
        max_size=4,
    ),
    max_size=200,
)


@given(_SIGHTS, st.booleans())
def test_it_stays_small_and_tells_nothing_twice_in_a_row(
    sights: list[list[Signal]], shell: bool
) -> None:
    memory = NOTHING
    for shown in sights:
        memory = forgetful(memory, shown) if shell else turned(memory, shown)
        memory, _ = heard(memory, shown)
        memory, again = heard(memory, shown)
        assert not [signal for signal in again if not signal.earlier]
    assert max(map(len, (memory.turn, memory.before, memory.gone))) <= KEPT
