"""Which answers are not given because they went wrong when they were tried; and agents of another
version are tried anew."""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from bot.core.agent import AgentSpec
from bot.core.notices import Notice, NoticeKind, Part, Urgency
from bot.core.records import PromptRecord
from bot.core.trials import (
    NO_DOUBTS,
    Doubts,
    Installed,
    Trial,
    Untried,
    Way,
    trial_of,
    untried,
)
from bot.ports.clock import Clock
from bot.ports.store import Store
from bot.ports.trials import Trials
from bot.services.notifier import Notifier
from bot.services.roster import Roster

log = structlog.get_logger()

AT_THE_MACHINE = "local"
"""Nobody's telephone need ring for what is as it should be."""
LOOK_EVERY = 60.0
"""Seconds. A program is tried when two looks have found the same: it may be half installed."""
MOST = 5
"""Answers that a card names."""


class Proving:
    def __init__(
        self,
        store: Store,
        trials: Trials,
        roster: Roster,
        notifier: Notifier,
        clock: Clock,
        agents: Mapping[str, AgentSpec],
        version: str,
    ) -> None:
        """``version``: ours."""
        self._store = store
        self._trials = trials
        self._roster = roster
        self._notifier = notifier
        self._clock = clock
        self._agents = agents
        self._version = version
        self._doubts = NO_DOUBTS
        self._seen: Mapping[str, Installed] = {}
        self._begun: set[Untried] = set()

    def doubt(self, record: PromptRecord, way: Way) -> str:
        """Why what was decided is not said in that way; empty when it may be."""
        prompt, decision = record.prompt, record.decision
        if decision is None:
            return ""
        session = self._roster.on(record.pane)
        begun = None if session is None else session.started_at
        return self._doubts.about(prompt.agent, begun, prompt.kind, decision.verdict, way)

    async def load(self) -> None:
        """Before anything is answered. No program is asked, which would take a second for each:
        until that is done all that ever went wrong is doubted."""
        self._doubts = Doubts.of(await self._trials.kept(), {})

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self.look()
            await self._clock.sleep(LOOK_EVERY)

    async def look(self) -> None:
        trials = await self._trials.kept()
        now = await self._trials.installed({trial.agent for trial in trials})
        self._doubts = Doubts.of(trials, now)
        before, self._seen = self._seen, now
        for one in untried(trials, now, self._version):
            if before.get(one.agent) == now[one.agent] and one not in self._begun:
                self._begun.add(one)
                await self._prove(one)

    async def _prove(self, one: Untried) -> None:
        log.info("agent.trying", agent=one.agent, version=one.installed, before=one.tried)
        await self._trials.try_out(one.agent)
        trials = await self._trials.kept()
        self._doubts = Doubts.of(trials, self._seen)
        trial = trial_of(trials, one.agent, one.installed)
        if trial is not None and trial.wingman == self._version:
            await self._tell_tried(trial, one)
        else:
            await self._tell_untried(one)

    async def _tell_untried(self, one: Untried) -> None:
        """Once, also over restarts."""
        async with self._store.transaction() as tx:
            name = f"untried:{one.agent}"
            if await tx.meta.get(name) == one.installed:
                return
            await tx.meta.put(name, one.installed)
            key = f"{name}:{one.installed}"
            await self._notifier.tell_on(tx, key, self._untried_card(one), AT_THE_MACHINE)

    async def _tell_tried(self, trial: Trial, one: Untried) -> None:
        key = f"tried:{trial.agent}:{trial.version}:{trial.at}"
        notice = self._tried_card(trial, one)
        async with self._store.transaction() as tx:
            if trial.failed:
                await self._notifier.tell_all(tx, key, notice, Urgency.HELP)
            else:
                await self._notifier.tell_on(tx, key, notice, AT_THE_MACHINE)

    def _title(self, agent: str) -> str:
        spec = self._agents.get(agent)
        return agent if spec is None else spec.title

    def _untried_card(self, one: Untried) -> Notice:
        return Notice(
            NoticeKind.STATE,
            f"{self._title(one.agent)} {one.installed} is installed, {one.tried} was tried",
            (Part("To prove its dialogs again, type at the machine: wingman doctor --deep"),),
            silent=True,
        )

    def _tried_card(self, trial: Trial, one: Untried) -> Notice:
        name = f"{self._title(trial.agent)} {trial.version}"
        if not trial.failed:
            says = f"It was tried again, as it is not {one.tried} any more: {trial.proved}."
            if one.tried == trial.version:
                says = f"It was tried again, as Wingman is another: {trial.proved}."
            title = f"{name}: every answer does what was decided"
            return Notice(NoticeKind.STATE, title, (Part(says),), silent=True)
        lines = [f"• {one.title} ({one.how}): {one.wrong}" for one in trial.failed[:MOST]]
        left = len(trial.failed) - MOST
        if left > 0:
            lines.append(f"and {left} more: wingman doctor")
        title = f"{name}: not every answer is as it should be"
        said = "Such answers are not given that way any more; the others are: " + trial.proved
        return Notice(NoticeKind.TROUBLE, title, (Part("\n".join(lines)), Part(said)))
