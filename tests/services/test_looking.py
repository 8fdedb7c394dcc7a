"""A screen counts once it holds still."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import replace

from bot.agents import claude, generic
from bot.core.agent import AgentSpec, Reading, State
from bot.core.anchors import NOWHERE, Anchor
from bot.core.ids import PaneId, PaneKey, ServerKey
from bot.core.prompts import Kind, Prompt
from bot.core.reading import Reader
from bot.core.screen import PaneFacts, Screen
from bot.ports.meter import NoMeter
from bot.ports.terminal import Nudge, NudgeKind, PaneInfo
from bot.services.looking import AHEAD, CATCH_UP, SCROLLED, SETTLE, TRIES, Eyes, Look, anchor_at
from tests.support.faketmux import FakeTmux
from tests.support.toy import ToyAgent, read_toy
from tests.support.virtual import VirtualClock, virtual

WHOLE = ["ask: make all", "> 1 allow_once Yes", "  2 deny No"]


def seeing(agent: ToyAgent) -> tuple[Eyes, PaneKey, FakeTmux]:
    clock = VirtualClock()
    tmux = FakeTmux(clock)
    pane = tmux.add("shop", agent)
    return Eyes(tmux, read_toy, clock), pane.key, tmux


@virtual
async def test_a_dialog_counts_when_two_looks_agree() -> None:
    eyes, pane, _ = seeing(ToyAgent(frames=[WHOLE[:1], WHOLE[:2], WHOLE, WHOLE]))
    look = await eyes.settled(pane)
    assert look is not None
    assert look.reading.prompt is not None
    assert [choice.label for choice in look.reading.prompt.choices] == ["Yes", "No"]


@virtual
async def test_what_never_holds_still_is_taken_as_it_is_in_the_end() -> None:
    clock = VirtualClock()
    frames: Iterable[list[str]] = ([f"ask: {number}"] for number in range(100))
    eyes, pane, _ = seeing(ToyAgent(frames=list(frames)))
    look = await eyes.settled(pane)
    assert look is not None
    assert look.reading.state is State.APPROVAL
    assert clock.monotonic() <= SETTLE * TRIES + 0.01


@virtual
async def test_a_moving_caret_is_no_change() -> None:
    moved = [WHOLE[0], "  1 allow_once Yes", "> 2 deny No"]
    eyes, pane, tmux = seeing(ToyAgent(frames=[WHOLE, moved, WHOLE, moved]))
    await eyes.settled(pane)
    assert tmux.captures == 2


@virtual
async def test_what_an_agent_claims() -> None:
    clock = VirtualClock()
    tmux = FakeTmux(clock)
    toy, other = (tmux.add(name, ToyAgent()).key for name in ("shop", "web"))
    known = replace(generic.AGENT, id="toy", processes=frozenset({"toy"}))
    specs = {"toy": known, "generic": generic.AGENT}

    def read(screen: Screen) -> Reading:
        return Reading("toy" if screen.rows else "generic", State.NONE)

    eyes = Eyes(tmux, read, clock, specs)
    tmux.panes_by_id[other.pane].agent.frames.append([])
    gone = PaneKey(toy.server, PaneId("%99"), 1)
    assert await eyes.claimed([toy, other, gone]) == {toy}


@virtual
async def test_a_pane_that_is_gone_or_another_one_is_nothing() -> None:
    eyes, pane, tmux = seeing(ToyAgent())
    reborn = PaneKey(ServerKey(pane.server.pid + 1, pane.server.start_time), pane.pane, pane.pid)
    assert await eyes.look(reborn) is None
    assert await eyes.settled(PaneKey(pane.server, PaneId("%99"), pane.pid)) is None
    tmux.remove(tmux.panes_by_id[pane.pane])
    assert await eyes.settled(pane) is None


@virtual
async def test_a_menu_has_no_identity_that_could_be_decided_on() -> None:
    eyes, _, _ = seeing(ToyAgent())
    assert eyes.read(Screen(("> ",))).fingerprint is None
    assert eyes.read(Screen(tuple(WHOLE))).fingerprint is not None


@virtual
async def test_what_colours_tell_is_looked_at_with_them() -> None:
    def read(screen: Screen) -> Reading:
        return Reading("toy", State.IDLE, wants_colours=screen.ansi is None)

    clock = VirtualClock()
    tmux = FakeTmux(clock)
    eyes = Eyes(tmux, read, clock)
    pane = tmux.add("shop", ToyAgent()).key

    look = await eyes.look(pane)
    assert look is not None
    assert look.screen.ansi is not None
    assert tmux.captures == 2
    assert await eyes.whole(pane, look) is look
    tmux.remove(tmux.panes_by_id[pane.pane])
    assert await eyes.whole(pane, eyes.read(Screen(("> ",)))) is None


class Scrolling:
    """A terminal with one pane, of which ``lines`` are printed; the last three are shown."""

    def __init__(self, pane: PaneKey) -> None:
        self.pane = pane
        self.lines = ["", "", ""]
        self.width = 80
        self.command = "bash"
        self.asked: list[int] = []

    async def panes(self, *, quick: bool = False) -> tuple[PaneInfo, ...]:
        return ()

    async def capture(
        self, panes: Iterable[PaneKey], history: int = 0, *, ansi: bool = False
    ) -> dict[PaneId, Screen]:
        self.asked.append(history)
        facts = PaneFacts(
            self.command, cursor_y=2, history=len(self.lines) - 3, height=3, width=self.width
        )
        return {self.pane.pane: Screen(tuple(self.lines[-3 - history :]), facts)}

    async def nudges(self) -> AsyncIterator[Nudge]:
        yield Nudge(NudgeKind.LOST)


def scrolling(*agents: AgentSpec) -> tuple[Eyes, Scrolling]:
    terminal = Scrolling(PaneKey(ServerKey(1, 2), PaneId("%1"), 3))
    reader = Reader((*agents, generic.AGENT))
    return Eyes(terminal, reader, VirtualClock()), terminal


class Unread(NoMeter):
    times = 0

    def unread(self) -> None:
        self.times += 1


async def another_life(
    eyes: Eyes, terminal: Scrolling, anchor: Anchor | None = None
) -> tuple[Eyes, Unread]:
    """As if the gateway had ended now; of all that it knew only the anchor is kept."""
    look = await eyes.look(terminal.pane)
    assert look is not None
    kept = anchor or anchor_at(look) or NOWHERE
    meter, reader = Unread(), Reader((generic.AGENT,))
    return Eyes(terminal, reader, VirtualClock(), kept=lambda _: kept, meter=meter), meter


async def signals(eyes: Eyes, terminal: Scrolling) -> list[str]:
    look = await eyes.look(terminal.pane)
    assert look is not None
    found = [signal.text for signal in look.reading.signals]
    eyes.noted(terminal.pane, look)
    return found


@virtual
async def test_what_scrolled_by_between_two_looks_is_read() -> None:
    eyes, terminal = scrolling()
    terminal.lines += [":::DONE:old:::", "", "", ""]
    assert await signals(eyes, terminal) == []
    terminal.lines += [":::DONE:new:::", *[f"line {n}" for n in range(40)]]
    assert await signals(eyes, terminal) == ["new"]
    assert await signals(eyes, terminal) == []


@virtual
async def test_a_screen_that_was_cleared_explains_nothing_of_the_next_one() -> None:
    eyes, terminal = scrolling(claude.AGENT)
    terminal.command = "claude"
    terminal.lines += ["\u273b Thinking 0s", "", ""]
    assert await signals(eyes, terminal) == []
    terminal.lines += ["", "", "  :::HELP:which database:::"]
    assert await signals(eyes, terminal) == ["which database"]


@virtual
async def test_what_scrolled_by_is_not_in_sight() -> None:
    eyes, terminal = scrolling()
    await signals(eyes, terminal)
    terminal.lines += [":::DONE:above:::", *["x"] * 9, ":::DONE:below:::", "", ""]
    look = await eyes.look(terminal.pane)
    assert look is not None
    assert look.visible is not None
    assert [signal.text for signal in look.visible] == ["below"]
    assert not look.unsure


@virtual
async def test_the_second_look_asks_for_what_scrolled_by_at_once() -> None:
    eyes, terminal = scrolling()
    await signals(eyes, terminal)
    terminal.lines += [":::DONE:new:::", *[f"line {n}" for n in range(9)]]
    first = await eyes.look(terminal.pane)
    assert first is not None
    terminal.asked.clear()
    look = await eyes.settled(terminal.pane, first)
    assert look is not None
    assert [signal.text for signal in look.reading.signals] == ["new"]
    assert terminal.asked == [10]


@virtual
async def test_lines_that_were_captured_along_are_not_asked_for_again() -> None:
    eyes, terminal = scrolling()
    await signals(eyes, terminal)
    terminal.lines += [":::DONE:new:::", "", "", "", ""]
    screens = await terminal.capture([terminal.pane], history=AHEAD)
    terminal.asked.clear()
    look = await eyes.taken(terminal.pane, screens[terminal.pane.pane])
    assert look is not None
    assert [signal.text for signal in look.reading.signals] == ["new"]
    assert len(look.screen.rows) == 3
    assert terminal.asked == []


@virtual
async def test_of_a_history_that_was_trimmed_it_is_not_sure() -> None:
    eyes, terminal = scrolling()
    terminal.lines += [":::DONE:old:::", *["x"] * 40]
    await signals(eyes, terminal)
    del terminal.lines[:-6]
    terminal.lines[0] = ":::DONE:which:::"
    look = await eyes.look(terminal.pane)
    assert look is not None
    assert look.unsure
    assert [signal.text for signal in look.reading.signals] == ["which"]


@virtual
async def test_after_a_resize_no_line_is_taken_for_a_new_one() -> None:
    eyes, terminal = scrolling()
    terminal.lines += ["", ":::DONE:old:::", *["x"] * 9]
    await signals(eyes, terminal)
    terminal.width, terminal.lines = 40, [*terminal.lines, *["x"] * 9]
    look = await eyes.look(terminal.pane)
    assert look is not None
    assert look.reading.signals == ()
    assert eyes.observed(look).stood is None

    eyes.noted(terminal.pane, look)
    terminal.width, terminal.lines = 80, terminal.lines[:5]
    look = await eyes.look(terminal.pane)
    assert look is not None
    assert [signal.text for signal in eyes.observed(look).stood or ()] == ["old"]
    assert eyes.observed(look, ()).stood == ()


@virtual
async def test_it_settles_with_what_scrolled_by() -> None:
    eyes, terminal = scrolling()
    await signals(eyes, terminal)
    terminal.lines += [":::DONE:new:::", *[f"line {n}" for n in range(40)]]
    look = await eyes.settled(terminal.pane)
    assert look is not None
    assert [signal.text for signal in look.reading.signals] == ["new"]


@virtual
async def test_of_very_much_only_the_last_lines_are_read() -> None:
    eyes, terminal = scrolling()
    await signals(eyes, terminal)
    terminal.lines += [":::DONE:far:::", *["x"] * SCROLLED, ":::DONE:near:::", *["x"] * 9]
    assert await signals(eyes, terminal) == ["near"]


@virtual
async def test_after_a_restart_it_goes_on_where_it_was() -> None:
    eyes, terminal = scrolling()
    terminal.lines += [":::DONE:old:::", *[f"line {n}" for n in range(9)]]
    eyes, meter = await another_life(eyes, terminal)
    terminal.lines += [":::DONE:new:::", *[f"more {n}" for n in range(900)]]
    for _ in range(2):  # until it is noted a look is as the one before
        look = await eyes.look(terminal.pane)
        assert look is not None
        seen = eyes.observed(look, keep=True)
        assert [signal.text for signal in seen.fresh or ()] == ["new"]
        assert [signal.text for signal in seen.stood or ()] == ["old"]
        assert (seen.visible, seen.unsure) == ((), False)
        assert seen.anchor is not None
    look = await eyes.look(terminal.pane)
    assert look is not None
    eyes.noted(terminal.pane, look)
    look = await eyes.look(terminal.pane)
    assert look is not None
    assert eyes.observed(look).fresh is None
    assert meter.times == 0


@virtual
async def test_a_place_that_is_not_found_again_makes_nothing_new() -> None:
    eyes, terminal = scrolling()
    terminal.lines += [*[f"line {n}" for n in range(9)], ":::DONE:old:::", ""]
    eyes, meter = await another_life(eyes, terminal)
    terminal.lines += [*[f"more {n}" for n in range(CATCH_UP + 9)], ":::DONE:new:::", ""]
    for _ in range(2):
        look = await eyes.look(terminal.pane)
        assert look is not None
        assert (look.unsure, look.stood, look.fresh) == (True, None, None)
        assert [signal.text for signal in look.reading.signals] == ["new"]
    assert meter.times == 1
    terminal.width = 40
    look = await eyes.look(terminal.pane)
    assert look is not None
    assert [signal.text for signal in look.stood or ()] == ["new"], "it may be an old one"


@virtual
async def test_while_a_viewer_covers_the_pane_its_place_is_not_kept() -> None:
    eyes, terminal = scrolling()
    terminal.lines += [*[f"line {n}" for n in range(9)], ":::DONE:unheard:::", ""]
    terminal.command = "less"
    look = await eyes.look(terminal.pane)
    assert look is not None
    assert look.reading.covered
    assert eyes.observed(look, keep=True).anchor is None


@virtual
async def test_what_came_together_with_a_resize_is_new() -> None:
    eyes, terminal = scrolling()
    terminal.lines += [
        *[f"line {n} of it all" for n in range(9)],
        ":::DONE:old:::",
        "x" * 20,
        "y" * 30,
    ]
    terminal.lines += ["$ "]
    await signals(eyes, terminal)
    terminal.lines += [":::DONE:new:::", "$ "]
    terminal.width = 40
    look = await eyes.look(terminal.pane)
    assert look is not None
    seen = eyes.observed(look)
    assert [signal.text for signal in seen.fresh or ()] == ["new"]


@virtual
async def test_more_than_is_read_is_counted() -> None:
    eyes, terminal = scrolling()
    eyes, meter = await another_life(eyes, terminal, NOWHERE)
    await signals(eyes, terminal)
    terminal.lines += ["x"] * SCROLLED
    await signals(eyes, terminal)
    assert meter.times == 0
    terminal.lines += ["x"] * (SCROLLED + 1)
    await signals(eyes, terminal)
    assert meter.times == 1


def test_a_dialog_that_is_being_drawn_is_half_there() -> None:
    prompt = Prompt(Kind.PLAN, "toy", subject="1. Build")
    reading = Reading("toy", State.PLAN, prompt)
    screen = Screen.of("plan: 1. Build")
    assert not Look(screen, reading, None).half
    assert Look(screen, replace(reading, early=True), None).half
    assert Look(screen, replace(reading, prompt=replace(prompt, complete=False)), None).half
