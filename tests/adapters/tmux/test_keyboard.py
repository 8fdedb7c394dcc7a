"""Keys on a real tmux: in when all is as it was seen, refused for every reason there is."""

from __future__ import annotations

import asyncio
import os
import re
import signal
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.adapters.tmux.server import at_least
from bot.core.ids import PaneKey, PressId
from bot.core.keys import typable
from bot.core.press import Outcome, Press, PressResult, Refusal
from tests.support.tmux import Adapter, RealTmux, running
from tests.support.waiting import spend, until

pytestmark = pytest.mark.tmux

PRESSED = PressResult(Outcome.PRESSED)


def refused(why: Refusal) -> PressResult:
    return PressResult(Outcome.REFUSED, why)


def content(record: Path) -> bytes:
    return record.read_bytes() if record.exists() else b""


async def received(record: Path, data: bytes) -> None:
    await until(lambda: len(content(record)) >= len(data))
    assert content(record) == data


async def test_a_key_goes_in_and_leaves_its_mark(tmux: RealTmux, adapter: Adapter) -> None:
    pane, record = await tmux.recorder("a")
    press = adapter.press(pane, "READY", data=b"\x1b[B\r")
    assert await adapter.keyboard.press(press) == PRESSED
    await received(record, b"\x1b[B\r")
    assert await adapter.keyboard.marker(pane) == press.guard.press


async def test_the_mark_is_found_whatever_number_a_pane_has(
    tmux: RealTmux, adapter: Adapter
) -> None:
    panes = [(await tmux.recorder(f"a{number}"))[0] for number in range(12)]
    presses = [adapter.press(pane, "READY") for pane in panes]
    for press in presses:
        assert await adapter.keyboard.press(press) == PRESSED
    found = [await adapter.keyboard.marker(pane) for pane in panes]
    assert found == [press.guard.press for press in presses]


async def test_the_same_press_is_made_once(tmux: RealTmux, adapter: Adapter) -> None:
    pane, record = await tmux.recorder("a")
    press = adapter.press(pane, "READY")
    await adapter.keyboard.press(press)
    assert await adapter.keyboard.press(press) == refused(Refusal.ALREADY_PRESSED)
    await spend(0.1)
    assert record.read_bytes() == b"\r"


async def test_a_prompt_that_changed(tmux: RealTmux, adapter: Adapter) -> None:
    pane, record = await tmux.recorder("a", "rm -rf /tmp/x?\r\n")
    press = adapter.press(pane, "rm -rf /tmp/y?", "READY")
    assert await adapter.keyboard.press(press) == refused(Refusal.SCREEN_CHANGED)
    assert not record.read_bytes()
    assert await adapter.keyboard.marker(pane) == ""


async def test_a_highlight_that_moved(tmux: RealTmux, adapter: Adapter) -> None:
    menu = " \u276f 1. Yes\r\n   2. No\r\n"
    pane, _ = await tmux.recorder("a", menu)
    moved = adapter.press(pane, "   1. Yes", " \u276f 2. No")
    assert await adapter.keyboard.press(moved) == refused(Refusal.SCREEN_CHANGED)
    same = adapter.press(pane, " \u276f 1. Yes", "   2. No")
    assert await adapter.keyboard.press(same) == PRESSED


async def test_a_copy_higher_up_does_not_stand_in(tmux: RealTmux, adapter: Adapter) -> None:
    pane, _ = await tmux.recorder("a", "Allow?\r\n > Yes\r\nsomething else\r\n")
    guard = replace(adapter.guard(pane, "Allow?", " > Yes"), above=("one", "two"))
    assert await adapter.keyboard.press(Press(guard, b"\r")) == refused(Refusal.SCREEN_CHANGED)
    assert await adapter.keyboard.press(Press(replace(guard, above=()), b"\r")) == PRESSED


async def test_copy_mode(tmux: RealTmux, adapter: Adapter) -> None:
    pane, _ = await tmux.recorder("a")
    tmux.do("copy-mode", "-t", pane.pane)
    press = adapter.press(pane, "READY")
    assert await adapter.keyboard.press(press) == refused(Refusal.IN_MODE)


async def test_a_program_that_has_ended(tmux: RealTmux, adapter: Adapter) -> None:
    pane, _ = await tmux.recorder("a")
    tmux.do("set-option", "-t", "a", "remain-on-exit", "on")
    os.kill(pane.pid, signal.SIGKILL)
    await until(lambda: tmux.do("display-message", "-p", "-t", pane.pane, "#{pane_dead}") == "1")
    result = await adapter.keyboard.press(adapter.press(pane, "READY"))
    # tmux 3.8 does not tell the process of a dead pane any more
    newer = at_least(adapter.client.version, (3, 8))
    assert result == refused(Refusal.PANE_CHANGED if newer else Refusal.DEAD)


async def test_input_switched_off(tmux: RealTmux, adapter: Adapter) -> None:
    pane, _ = await tmux.recorder("a")
    tmux.do("select-pane", "-d", "-t", pane.pane)
    press = adapter.press(pane, "READY")
    assert await adapter.keyboard.press(press) == refused(Refusal.INPUT_OFF)


async def test_synchronized_panes(tmux: RealTmux, adapter: Adapter) -> None:
    pane, record = await tmux.recorder("a")
    tmux.do("split-window", "-t", pane.pane, "cat")
    tmux.do("set-option", "-w", "-t", pane.pane, "synchronize-panes", "on")
    press = adapter.press(pane, "READY")
    assert await adapter.keyboard.press(press) == refused(Refusal.SYNCHRONIZED)
    assert not record.read_bytes()


async def test_a_deadline_that_passed(tmux: RealTmux, adapter: Adapter) -> None:
    pane, _ = await tmux.recorder("a")
    late = Press(adapter.guard(pane, "READY", within=0), b"\r")
    assert await adapter.keyboard.press(late) == refused(Refusal.EXPIRED)


async def test_a_pane_that_is_gone(tmux: RealTmux, adapter: Adapter) -> None:
    pane, _ = await tmux.recorder("a")
    other, record = await tmux.recorder("b")
    tmux.do("kill-pane", "-t", pane.pane)
    press = adapter.press(pane, "READY")
    assert await adapter.keyboard.press(press) == refused(Refusal.PANE_GONE)
    assert await adapter.keyboard.marker(pane) is None
    assert await adapter.keyboard.marker(other) == ""
    assert not record.read_bytes()


async def test_another_program_in_the_same_pane(tmux: RealTmux, adapter: Adapter) -> None:
    pane, _ = await tmux.recorder("a")
    tmux.do("respawn-pane", "-k", "-t", pane.pane, "echo READY; exec cat")
    assert await adapter.keyboard.marker(pane) is None
    result = await adapter.keyboard.press(adapter.press(pane, "READY"))
    assert result == refused(Refusal.PANE_CHANGED)


async def test_a_server_that_was_restarted_gives_out_the_same_ids(tmux: RealTmux) -> None:
    async with running(tmux) as adapter:
        pane, _ = await tmux.recorder("a")
        assert await until(lambda: adapter.client.key) == pane.server
        await tmux.restart()
        again, record = await tmux.recorder("a")
        assert again.pane == pane.pane
        await until(lambda: adapter.client.key == again.server)
        result = await adapter.keyboard.press(adapter.press(pane, "READY"))
        assert result == refused(Refusal.SERVER_CHANGED)
        assert await adapter.keyboard.marker(pane) is None
        assert not record.read_bytes()


async def test_without_a_server(tmux: RealTmux, adapter: Adapter) -> None:
    pane = tmux.session("a")
    await tmux.restart()
    result = await adapter.keyboard.press(adapter.press(pane, "READY"))
    assert result.outcome is not Outcome.PRESSED


async def test_a_client_killed_at_the_wrong_moment(tmux: RealTmux, adapter: Adapter) -> None:
    """Whatever the answer, it is true: the key went in if and only if it says so."""
    pane, record = await tmux.recorder("a")
    for _ in range(3):
        before = record.read_bytes()
        process = await until(lambda: adapter.client.process_id)
        assert process is not None
        os.kill(process, signal.SIGKILL)
        press = adapter.press(pane, "READY", data=b"x")
        result = await adapter.keyboard.press(press)
        await spend(0.05)
        went_in = record.read_bytes() != before
        assert result.outcome is not Outcome.UNKNOWN
        assert (result.outcome is Outcome.PRESSED) == went_in


HOSTILE = [
    "#(touch canary)",
    "a;b;",
    ";",
    "Enter",
    "C-c",
    "-t",
    "--",
    "'\"`$(touch canary)\\",
    "#{pane_pid}",
    "line one\nline two; touch canary\n",
    "\ttab",
    "wide 漢字 é 👍🏽",
    "x" * 20_000,
]


@pytest.mark.parametrize("paste", [False, True], ids=["keys", "paste"])
async def test_texts_arrive_byte_for_byte(tmux: RealTmux, adapter: Adapter, paste: bool) -> None:
    pane, record = await tmux.recorder("a")
    sent = b""
    for text in HOSTILE:
        press = Press(adapter.guard(pane, "READY"), text.encode(), paste=paste)
        assert await adapter.keyboard.press(press) == PRESSED
        sent += text.encode()
        await received(record, sent)
    assert tmux.canaries() == []
    assert tmux.do("list-buffers") == ""


async def test_any_text_arrives_as_it_was_filtered(tmux: RealTmux, adapter: Adapter) -> None:
    pane, record = await tmux.recorder("a")
    sent = b""
    for text in texts():
        data = typable(text)
        press = Press(adapter.guard(pane, "READY"), data)
        assert await adapter.keyboard.press(press) == PRESSED
        sent += data
    await received(record, sent)


def texts() -> list[str]:
    """Two hundred arbitrary texts, found once so that one pane serves for all."""
    found: list[str] = []

    @settings(max_examples=200, database=None, suppress_health_check=list(HealthCheck))
    @given(st.text(max_size=200))
    def collect(text: str) -> None:
        found.append(text)

    collect()
    return found


async def test_a_paste_is_bracketed_for_who_asked(tmux: RealTmux, adapter: Adapter) -> None:
    pane, record = await tmux.recorder("a", "\x1b[?2004h")
    press = Press(adapter.guard(pane, "READY"), b"one\ntwo", paste=True)
    assert await adapter.keyboard.press(press) == PRESSED
    await received(record, b"\x1b[200~one\ntwo\x1b[201~")


async def test_an_end_of_paste_cannot_be_smuggled_in(tmux: RealTmux, adapter: Adapter) -> None:
    pane, record = await tmux.recorder("a", "\x1b[?2004h")
    raw = "safe\x1b[201~\rrm -rf x\r"
    guard = adapter.guard(pane, "READY")
    with pytest.raises(ValueError, match="not filtered"):
        await adapter.keyboard.press(Press(guard, raw.encode(), paste=True))
    await adapter.keyboard.press(Press(guard, typable(raw), paste=True))
    await received(record, b"\x1b[200~safe\nrm -rf x\n\x1b[201~")


async def test_a_refused_paste_leaves_no_buffer(tmux: RealTmux, adapter: Adapter) -> None:
    pane, record = await tmux.recorder("a")
    press = Press(adapter.guard(pane, "something else"), b"secret", paste=True)
    assert await adapter.keyboard.press(press) == refused(Refusal.SCREEN_CHANGED)
    assert tmux.do("list-buffers") == ""
    assert not record.read_bytes()


@pytest.mark.parametrize("press", ["a;b", "a b", "#(x)", "", "a\nb", "x" * 81])
async def test_an_id_that_is_not_ours_is_never_written(adapter: Adapter, press: str) -> None:
    pane = PaneKey(adapter.tmux.session("a").server, adapter.tmux.key("%0").pane, 1)
    guard = replace(adapter.guard(pane, "x"), press=PressId(press))
    with pytest.raises(ValueError, match="not an id of ours"):
        await adapter.keyboard.press(Press(guard, b"\r"))


FLIPPING = r"""
import os, select, sys, time, tty
tty.setraw(0)
number, flipped = 0, time.monotonic()
def draw():
    os.write(1, b"\x1b[2J\x1b[HAllow command %d?\r\n > Yes\r\n" % number)
draw()
record = open(sys.argv[1], "a", buffering=1)
while True:
    wait = flipped + 0.25 - time.monotonic()
    if wait > 0 and select.select([0], [], [], wait)[0]:
        keys = os.read(0, 100)
        if time.monotonic() > flipped + 0.05:
            record.write("%d\n" % number * len(keys))
    elif wait <= 0:
        number, flipped = number + 1, time.monotonic()
        draw()
"""
"""A prompt that is another one every 250 ms, and notes on which one each key fell. As the real
agents do, it swallows what comes in the first moments of a prompt."""

PANES = 10


async def test_a_key_never_lands_on_the_next_prompt(tmux: RealTmux, adapter: Adapter) -> None:
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(pressed_on_flipping(adapter, n)) for n in range(PANES)]
    approved = [number for task in tasks for number in task.result()]
    for n in range(PANES):
        fell_on = (tmux.folder / f"answers{n}").read_text().split()
        assert set(map(int, fell_on)) <= set(tasks[n].result())
        assert len(fell_on) == len(set(fell_on))
    assert 200 > len(approved) > 20


async def pressed_on_flipping(adapter: Adapter, number: int) -> list[int]:
    """The prompts for which tmux said that the key went in, of 20 tries at odd moments."""
    tmux = adapter.tmux
    pane = tmux.program(f"s{number}", FLIPPING, str(tmux.folder / f"answers{number}"))
    await tmux.shows(pane, "Allow")
    approved: list[int] = []
    for turn in range(20):
        rows = (await adapter.terminal.capture([pane]))[pane.pane].rows[:2]
        await spend((turn * 7 + number) % 10 * 0.03)
        seen = re.fullmatch(r"Allow command (\d+)\?", rows[0])
        if seen is None or int(seen[1]) in approved:
            continue
        result = await adapter.keyboard.press(adapter.press(pane, *rows))
        if result.outcome is Outcome.PRESSED:
            approved.append(int(seen[1]))
        else:
            assert result.refusal is Refusal.SCREEN_CHANGED
    await spend(0.1)
    return approved


async def test_a_cursor_that_stands_elsewhere_keeps_the_key_out(
    tmux: RealTmux, adapter: Adapter
) -> None:
    pane, record = await tmux.recorder("a")
    place = tmux.do("display-message", "-p", "-t", pane.pane, "#{cursor_x} #{cursor_y}")
    column, row = map(int, place.split())
    press = adapter.press(pane, "READY")
    elsewhere = replace(press, guard=replace(press.guard, cursor=(column + 1, row)))
    assert await adapter.keyboard.press(elsewhere) == refused(Refusal.SCREEN_CHANGED)
    behind = replace(press, guard=replace(press.guard, cursor=(column, row)))
    assert await adapter.keyboard.press(behind) == PRESSED
    await received(record, press.data)
