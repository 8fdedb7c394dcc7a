"""Where Claude Code looks for hooks, and which of its events tell us something (2.1.329)."""

from __future__ import annotations

from bot.core.hook_settings import HookSetup, Scope

AT_ONCE = 10
"""Seconds: these only tell, and ``wingman-hook`` itself is done in a fraction of that."""
FOR_A_PERSON = 600
"""Seconds: the longest that Claude Code waits by itself; its own dialog is open meanwhile."""

SETUP = HookSetup(
    files={
        Scope.USER: ".claude/settings.json",
        Scope.PROJECT: ".claude/settings.json",
        Scope.LOCAL: ".claude/settings.local.json",
    },
    events={
        "PermissionRequest": FOR_A_PERSON,
        "PostToolUse": AT_ONCE,
        "PostToolUseFailure": AT_ONCE,
        "Notification": AT_ONCE,
        "Stop": AT_ONCE,
        "StopFailure": AT_ONCE,
        "SubagentStop": AT_ONCE,
        "SessionStart": AT_ONCE,
        "SessionEnd": AT_ONCE,
        "UserPromptSubmit": AT_ONCE,
    },
    flag="--settings",
)
