"""The hooks that wait for an answer now, pane by pane."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace

from bot.core.agent import AgentSpec
from bot.core.events import Observed
from bot.core.hooks import Asked, ToolEnded
from bot.core.ids import PaneKey
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


class HookCalls:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._live: dict[str, LiveCall] = {}

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

    def release(self, call: str) -> None:
        """Its hook ends without a decision, if none was given."""
        live = self._live.pop(call, None)
        if live is not None:
            live.over.ring()
