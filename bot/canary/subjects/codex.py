"""How the Codex CLI is tried (0.169.0)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.canary import cases, mcp_server
from bot.canary.mcp_server import SERVER, TOOL
from bot.canary.models import responses
from bot.canary.script import EITHER, Call, Case, Step
from bot.canary.subject import Place, Subject
from bot.core.prompts import Kind


def _bash(command: str, *rule: str) -> Call:
    asks = {"sandbox_permissions": "require_escalated", "justification": "May I make a marker?"}
    pattern = {"prefix_rule": [*rule]} if rule else {}
    return Call("exec_command", {"cmd": command, **asks, **pattern})


def _write(name: str, line: str) -> Call:
    patch = f"*** Begin Patch\n*** Add File: {name}\n+{line}\n*** End Patch"
    return Call("exec_command", {"cmd": f"apply_patch <<'EOF'\n{patch}\nEOF"})


def _tool(name: str) -> Call:
    return Call(f"mcp__{SERVER}__{TOOL}", {"name": name})


def _ask(question: Mapping[str, Any]) -> Call:
    return Call("request_user_input", {"questions": [{"id": "asked", **question}]})


_IMPLEMENT = "Implement the plan"
"""What Codex itself says to its model once a plan is approved."""

CASES = (
    *cases.commands(_bash, ways=EITHER),
    *cases.edits(_write, ways=EITHER),
    *cases.always(_bash("mkfifo first", "mkfifo"), _bash("mkfifo second", "mkfifo")),
    *cases.questions(_ask),
    *cases.tools(_tool, ways=EITHER),
    Case(
        "plan.reason",
        "a plan, sent back with words",
        (("<proposed_plan>\n# Plan\n\nMake a heap.\n</proposed_plan>",),),
        (
            Step(
                Kind.PLAN,
                "Make a heap.",
                {**cases.DENY, "reason": cases.REASON},
                hears=cases.REASON,
                unheard=_IMPLEMENT,
            ),
        ),
        first="/plan",
    ),
    Case(
        "plan.approve",
        "a plan, approved",
        (("<proposed_plan>\n# Plan\n\nMake a cache.\n</proposed_plan>",),),
        (Step(Kind.PLAN, "Make a cache.", cases.APPROVE, hears=_IMPLEMENT),),
    ),
)


def seed(place: Place) -> None:
    """A provider of our own, and a sandbox that may write nothing without a question."""
    folder = place.home / ".codex"
    folder.mkdir(exist_ok=True)
    server = mcp_server.command(place.project)
    (folder / "config.toml").write_text(
        f"""\
sandbox_mode = "read-only"
model = "scripted"
model_provider = "canary"
check_for_update_on_startup = false

[features]
default_mode_request_user_input = true

[mcp_servers.{SERVER}]
command = {json.dumps(server[0])}
args = {json.dumps(server[1:])}

[analytics]
enabled = false

[model_providers.canary]
name = "Scripted"
base_url = "http://127.0.0.1:{place.port}/v1"
env_key = "CANARY_KEY"
wire_api = "responses"
""",
        encoding="utf-8",
    )


def environment(place: Place) -> Mapping[str, str]:
    return {"CODEX_HOME": str(place.home / ".codex"), "CANARY_KEY": "no-key"}


SUBJECT = Subject(
    "codex",
    CASES,
    responses.application,
    seed,
    environment,
    asks_trust=False,
    # A hook that is new to Codex runs only after a person has trusted it in /hooks
    hooked_flags=("--dangerously-bypass-hook-trust",),
)
