"""What the rows of Claude Code's dialogs mean, by their labels (2.1.197 and 2.1.329)."""

from __future__ import annotations

from bot.core.labels import role_table
from bot.core.prompts import Role

# Labels in lower case, with straight quotes. Order matters: what is granted for later is looked
# for before a change of mode, since a command's own words may stand in such a row.
APPROVAL = role_table(
    (Role.ALLOW_ONCE, r"yes(?:, but ask again next time|, and tell claude what to do next)?"),
    (Role.ALLOW_ONCE, r"yes, (?:and )?manually approve edits"),
    (
        Role.ALLOW_ALWAYS,
        r"yes, (?:and )?(?:don't ask again|always allow|allow reading|keep allowing|"
        r"allow claude to edit) .*",
    ),
    (
        Role.ALLOW_AND_CHANGE_MODE,
        r"yes, (?:and )?(?:switch to|use auto mode|auto-accept|allow all edits|bypass|"
        r"clear context)\b.*",
    ),
    (Role.DENY_ALWAYS, r"no, and block .* from now on"),
    (
        Role.DENY,
        r"no(?:, and (?:tell (?:claude|the agent) what to do differently|ask again next time))?"
        r"(?: \(esc\))?",
    ),
)
PLAN = role_table((Role.FEEDBACK, r"tell claude what to change|no, keep planning"))
PLAN += APPROVAL
REVIEW = role_table((Role.SUBMIT, "submit answers"), (Role.CANCEL, "cancel"))
LAUNCH = role_table(
    (Role.ACCEPT, r"yes(?:, i trust this folder|, i accept|, proceed|, allow external imports)?"),
    (Role.ACCEPT, r"use this mcp server"),
    (Role.ACCEPT_ALWAYS, r"use this and all future mcp servers in this project"),
    (Role.DENY, r"no(?:, exit|, disable external imports| \(recommended\))?"),
    (Role.DENY, r"continue without using this mcp server"),
    (Role.SUBMIT, r"enable selected"),
)
