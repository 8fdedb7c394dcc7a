"""Which hook waits for what."""

from __future__ import annotations

from dataclasses import replace

from bot.core.agent import Reading, State
from bot.core.events import Observed
from bot.core.hook_settings import HookSetup
from bot.core.hooks import ToolEnded
from bot.ports.hooks import HookMessage
from bot.services.hook_calls import HookCalls, tells_beside
from tests.support.hook_events import asked_command
from tests.support.hooks import FakeCall
from tests.support.ledger_rows import NOW, pane, prompt_record, session
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


@virtual
async def test_what_an_answer_is_on_its_way_to_outlives_what_the_screen_shows() -> None:
    calls = HookCalls(VirtualClock())
    hook = FakeCall(HookMessage({}, "%1", 4000, waits=True))
    claimed = calls.add(pane(), asked_command("make"), TOY, hook)
    other = calls.add(pane(), asked_command("make"), TOY, hook)
    calls.add(pane(), asked_command("make"), TOY, hook)
    calls.claim(claimed.id)
    calls.claim("unknown")
    calls.drop(claimed.id)
    calls.drop(other.id)
    assert calls.of(pane()) == [claimed]
    calls.release(claimed.id)
    assert calls.of(pane()) == []


@virtual
async def test_the_hook_of_a_prompt_is_the_known_one_or_one_that_asks_just_that() -> None:
    calls = HookCalls(VirtualClock())
    hook = FakeCall(HookMessage({}, "%1", 4000, waits=True))
    record = prompt_record()
    assert calls.fitting(record) is None
    calls.add(pane(), asked_command("rm -rf /"), TOY, hook)
    assert calls.fitting(record) is None
    new = calls.add(pane(), asked_command(record.prompt.subject), TOY, hook)
    assert calls.fitting(record) is new
    assert calls.fitting(replace(record, call="gone")) is None
    known = calls.add(pane(), asked_command("rm -rf /"), TOY, hook)
    assert calls.fitting(replace(record, call=known.id)) is known
    hook.leave()
    assert calls.fitting(record) is None


def test_only_hooks_that_work_and_run_beside_their_dialog_are_waited_for() -> None:
    beside = {"toy": replace(TOY, hooks=HookSetup({}, {}))}
    before = {"toy": replace(TOY, hooks=HookSetup({}, {}, before_dialog=True))}
    told = replace(session("shop"), agent="toy", conversation="c0ffee")
    assert tells_beside(told, beside)
    assert not tells_beside(told, before)
    assert not tells_beside(told, {"toy": TOY})
    assert not tells_beside(replace(told, conversation=""), beside)
    assert not tells_beside(None, beside)
