"""What the rows of Codex's dialogs mean (0.169.0), by their words."""

from __future__ import annotations

from bot.core.labels import role_table
from bot.core.prompts import Role

APPROVAL = role_table(
    (
        Role.ALLOW_ALWAYS,
        r"yes, and (?:don't ask again|allow) .*|allow for this session|always allow",
    ),
    (Role.DENY_ALWAYS, r"no, and (?:block|always) .*"),
    (
        Role.ALLOW_ONCE,
        r"(?:yes(?:, (?:proceed|just this once|continue))?|allow(?: once)?)( \(\w\))?",
    ),
    (
        Role.DENY,
        r"(?:no(?:, and tell codex what to do differently|, continue without running it)?"
        r"|cancel|decline|deny)(?: \(\w+\))?",
    ),
)
PLAN = role_table(
    (Role.ALLOW_ONCE, r"yes, implement this plan"),
    (Role.ALLOW_AND_CHANGE_MODE, r"yes, clear context and implement"),
    (Role.DENY, r"no, stay in plan mode"),
)
LAUNCH = role_table(
    (Role.ACCEPT, r"trust and continue|yes, (?:continue|proceed|trust .*)|yes"),
    (Role.DENY, r"back to agent command center|no(?:, .*)?|exit|quit"),
)
