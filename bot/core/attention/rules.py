"""What was settled about being told: by the settings, and by people in the chat."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo

from bot.core.attention.hours import OFF, Window, window


@dataclass(frozen=True, slots=True)
class Rules:
    """The settings. A span of zero switches a rule off."""

    remind: timedelta = timedelta(minutes=2)
    quiet: Window | None = None
    zone: tzinfo | None = None
    """None: this machine's."""
    quiet_approvals: bool = True
    """Whether approvals ring in quiet hours once they are ``quiet_approvals_after`` old."""
    quiet_approvals_after: timedelta = timedelta(minutes=10)
    quiet_errors: bool = True
    presence: timedelta = timedelta(seconds=15)
    """So long after the last key somebody counts as being at a pane."""
    dwell: timedelta = timedelta()
    cooldown: timedelta = timedelta()
    budget: int = 20
    session_budget: int = 10
    digest_from: int = 4
    """So many held notices that become due at once are told as one."""
    digest_every: timedelta = timedelta(minutes=5)
    chatter_every: timedelta = timedelta(minutes=10)
    escalate_after: timedelta = timedelta()
    escalate_to: tuple[str, ...] = ()
    """Rungs: ``telegram`` or ``telegram:7001``. Empty: each channel is one, in order."""


@dataclass(frozen=True, slots=True)
class Pause:
    until: datetime
    by: str
    """A name, to be shown."""


EVERYBODY = "*"


@dataclass(frozen=True, slots=True)
class Standing:
    """What people said in the chat. It outlives a restart."""

    mutes: Mapping[str, Pause] = field(default_factory=dict)
    """By session."""
    snoozes: Mapping[str, Pause] = field(default_factory=dict)
    """By code."""
    quiet: Mapping[str, str] = field(default_factory=dict)
    """By principal id, or EVERYBODY: hours as a person writes them, or OFF."""
    remind: int = 0
    """Seconds; 0: as the settings say."""

    def current(self, now: datetime) -> Standing:
        """Without what is over."""
        return replace(self, mutes=_alive(self.mutes, now), snoozes=_alive(self.snoozes, now))

    def muted(self, session: str, now: datetime) -> Pause | None:
        return _alive(self.mutes, now).get(session)

    def snoozed(self, code: str, now: datetime) -> Pause | None:
        return _alive(self.snoozes, now).get(code)

    def hours(self, person: str, rules: Rules) -> Window | None:
        """Somebody's own quiet hours, else everybody's."""
        said = self.quiet.get(person) or self.quiet.get(EVERYBODY)
        if said is None:
            return rules.quiet
        return None if said == OFF else window(said)


def _alive(pauses: Mapping[str, Pause], now: datetime) -> dict[str, Pause]:
    return {name: pause for name, pause in pauses.items() if pause.until > now}


def dump(standing: Standing) -> str:
    return json.dumps(
        {
            "mutes": _plain(standing.mutes),
            "snoozes": _plain(standing.snoozes),
            "quiet": dict(standing.quiet),
            "remind": standing.remind,
        },
        sort_keys=True,
    )


def _plain(pauses: Mapping[str, Pause]) -> dict[str, list[object]]:
    return {name: [pause.until.timestamp(), pause.by] for name, pause in pauses.items()}


def read(text: str) -> Standing:
    plain = json.loads(text)
    return Standing(
        _pauses(plain["mutes"]), _pauses(plain["snoozes"]), plain["quiet"], plain["remind"]
    )


def _pauses(plain: Mapping[str, tuple[float, str]]) -> dict[str, Pause]:
    return {n: Pause(datetime.fromtimestamp(at, UTC), by) for n, (at, by) in plain.items()}
