"""Which hook waits for what."""

from __future__ import annotations

from bot.core.agent import Reading, State
from bot.core.events import Observed
from bot.core.hooks import ToolEnded
from bot.ports.hooks import HookMessage
from bot.services.hook_calls import HookCalls
from tests.support.hook_events import asked_command
from tests.support.hooks import FakeCall
from tests.support.ledger_rows import NOW, pane
from tests.support.toy import TOY
from tests.support.virtual import VirtualClock, virtual


@virtual
async def test_each_call_has_a_number_until_it_is_let_go() -> None:
    calls = HookCalls(VirtualClock())
    hook = FakeCall(HookMessage({}, "%1", 4000, waits=True))
    live = calls.add(pane(), asked_command("make"), TOY, hook)
    other = calls.add(pane(), asked_command("make"), TOY, hook)
    assert live.id != other.id
    assert calls.get(live.id) is live
    assert calls.of(pane()) == [other, live]
    assert calls.of(pane("%2")) == []
    calls.release(live.id)
    assert await live.over.wait(0)
    assert calls.get(live.id) is None
    calls.release(live.id)


@virtual
async def test_a_hook_that_left_asks_nothing() -> None:
    calls = HookCalls(VirtualClock())
    hook = FakeCall(HookMessage({}, "%1", 4000, waits=True))
    live = calls.add(pane(), asked_command("make"), TOY, hook)
    seen = Observed(NOW, Reading("toy", State.IDLE))
    assert calls.with_asked(pane(), seen).asked == (live.asked,)
    hook.leave()
    assert calls.with_asked(pane(), seen).asked == ()
    assert calls.get(live.id) is None


@virtual
async def test_a_run_ends_the_oldest_call_that_asked_for_it() -> None:
    calls = HookCalls(VirtualClock())
    hook = FakeCall(HookMessage({}, "%1", 4000, waits=True))
    first = calls.add(pane(), asked_command("make"), TOY, hook)
    calls.add(pane(), asked_command("make"), TOY, hook)
    assert calls.ended_by(pane(), ToolEnded("Bash", first.asked.arguments)) == first.id
    assert calls.ended_by(pane(), ToolEnded("Bash", "{}")) == ""
