"""The hooks that wait for an answer now, pane by pane."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.core.agent import AgentSpec
from bot.core.events import Observed
from bot.core.hook_prompts import HOOKED, fits
from bot.core.hooks import Asked, ToolEnded
from bot.core.ids import PaneKey
from bot.core.records import PromptRecord
from bot.core.sessions import Session
from bot.ports.clock import Clock
from bot.ports.hooks import HookCall
from bot.services.wake import Bell


@dataclass(frozen=True, slots=True)
class LiveCall:
    asked: Asked
    pane: PaneKey
    spec: AgentSpec
    call: HookCall
    over: Bell
    """Rings when the hook left, or is to be let go."""

    @property
    def id(self) -> str:
        return self.asked.call


ON_ITS_WAY = timedelta(seconds=1)
"""From the first sight of a dialog until its hook will not come any more: Claude Code 2.1.197 and
2.1.329 run it 0.2 seconds before they draw the dialog, which settles for 0.3 more."""
LOOK_EVERY = 0.05


class HookCalls:
    def __init__(self, clock: Clock, tells: Callable[[PaneKey], bool] = lambda _: False) -> None:
        """``tells``: whether the agent of that pane asks by a hook, beside its dialog."""
        self._clock = clock
        self._tells = tells
        self._live: dict[str, LiveCall] = {}
        self._claimed: set[str] = set()

    def add(self, pane: PaneKey, asked: Asked, spec: AgentSpec, call: HookCall) -> LiveCall:
        """Numbered: every question of a hook is another one, whatever it says."""
        numbered = replace(asked, call=secrets.token_hex(8))
        live = LiveCall(numbered, pane, spec, call, Bell(self._clock))
        self._live[live.id] = live
        return live

    def get(self, call: str) -> LiveCall | None:
        live = self._live.get(call)
        return live if live is not None and live.call.is_open else None

    def of(self, pane: PaneKey) -> list[LiveCall]:
        """Newest first."""
        return [live for live in reversed(self._live.values()) if live.pane == pane]

    def with_asked(self, pane: PaneKey, observed: Observed) -> Observed:
        """What was seen, with what hooks of that pane ask meanwhile."""
        asked = tuple(live.asked for live in self.of(pane) if live.call.is_open)
        return replace(observed, asked=asked)

    def ended_by(self, pane: PaneKey, event: ToolEnded) -> str:
        """The call that asked for the run that is over now; empty for none."""
        same = [
            live.id
            for live in self.of(pane)
            if (live.asked.tool, live.asked.arguments) == (event.tool, event.arguments)
        ]
        return same[-1] if same else ""

    def fitting(self, record: PromptRecord) -> LiveCall | None:
        """The hook that tells of that prompt: the one that is known to, else one that asks just
        that and has not been looked at beside the dialog yet. Not where the agent's own record
        has told the rest of it: what the hook says might be another rest."""
        known, shown = self.get(record.call), record.on_screen
        if known is not None or record.call or shown is None or shown.kind not in HOOKED:
            return known
        if record.by_record:
            return None
        asking = (live for live in self.of(record.pane) if live.call.is_open)
        return next((live for live in asking if fits(shown, live.asked)), None)

    async def coming(self, record: PromptRecord) -> LiveCall | None:
        """The same, waited for as long as it may be on its way."""
        while (found := self.fitting(record)) is None and self._may_come(record):
            await self._clock.sleep(LOOK_EVERY)
        return found

    def _may_come(self, record: PromptRecord) -> bool:
        is_asked = record.prompt.kind in HOOKED and not record.call and not record.by_record
        is_new = self._clock.now() - record.opened_at < ON_ITS_WAY
        return is_asked and is_new and self._tells(record.pane)

    def claim(self, call: str) -> None:
        """An answer is on its way to it: what the screen shows meanwhile does not end it. Whoever
        brings the answer looks at the screen again, and lets the hook go."""
        if call in self._live:
            self._claimed.add(call)

    def drop(self, call: str) -> None:
        """Its prompt is over, as far as the screen tells."""
        live = self._live.get(call)
        if live is not None and call not in self._claimed:
            self.settle(live)

    def release(self, call: str) -> None:
        """Its hook ends without a decision, if none was given."""
        self._claimed.discard(call)
        live = self._live.pop(call, None)
        if live is not None:
            live.over.ring()

    def settle(self, live: LiveCall) -> None:
        """Its question is over, also for another hook that asks the very same: that is how they
        are where hooks are set up twice."""
        self.release(live.id)
        for twin in self.of(live.pane):
            if replace(twin.asked, call=live.id) == live.asked and twin.id not in self._claimed:
                self.release(twin.id)


def tells_beside(session: Session | None, agents: Mapping[str, AgentSpec]) -> bool:
    """Whether its agent has hooks that ask while the dialog stands. One that has told which
    conversation it is in has hooks that work."""
    spec = agents.get(session.agent) if session is not None and session.conversation else None
    return spec is not None and spec.hooks is not None and not spec.hooks.before_dialog
