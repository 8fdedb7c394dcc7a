"""How the Codex CLI is tried (0.169.0)."""

from __future__ import annotations

from collections.abc import Mapping

from bot.canary.models import responses
from bot.canary.script import EITHER, Call, Case, Step
from bot.canary.subject import Place, Subject
from bot.core.prompts import Kind

_APPROVE = {"decision": "approve"}
_DENY = {"decision": "deny"}
_REASON = "use the other folder; not $(this) one"


def _bash(command: str, *rule: str) -> Call:
    asks = {"sandbox_permissions": "require_escalated", "justification": "May I make a marker?"}
    pattern = {"prefix_rule": [*rule]} if rule else {}
    return Call("exec_command", {"cmd": command, **asks, **pattern})


def _write(name: str, content: str) -> Call:
    patch = f"*** Begin Patch\n*** Add File: {name}\n+{content}\n*** End Patch"
    return Call("exec_command", {"cmd": f"apply_patch <<'EOF'\n{patch}\nEOF"})


CASES = (
    Case(
        "bash.approve",
        "a command, allowed once",
        ((_bash("mkfifo allowed"),),),
        (Step(Kind.APPROVAL, "mkfifo allowed", _APPROVE, makes="allowed"),),
        ways=EITHER,
    ),
    Case(
        "bash.deny",
        "a command, denied",
        ((_bash("mkfifo denied"),),),
        (Step(Kind.APPROVAL, "mkfifo denied", _DENY, never="denied"),),
        ways=EITHER,
    ),
    Case(
        "bash.reason",
        "a command, denied with a reason",
        ((_bash("mkfifo unwanted"),),),
        (
            Step(
                Kind.APPROVAL,
                "mkfifo unwanted",
                {**_DENY, "reason": _REASON},
                never="unwanted",
                hears=_REASON,
            ),
        ),
        ways=EITHER,
    ),
    Case(
        "edit.approve",
        "a new file, allowed",
        ((_write("made.txt", "made here"),),),
        (Step(Kind.APPROVAL, "made here", _APPROVE, makes="made.txt"),),
        ways=EITHER,
    ),
    Case(
        "edit.deny",
        "a new file, denied",
        ((_write("unmade.txt", "not here"),),),
        (Step(Kind.APPROVAL, "not here", _DENY, never="unmade.txt"),),
        ways=EITHER,
    ),
    Case(
        "bash.always",
        "a command, allowed from now on",
        ((_bash("mkfifo first", "mkfifo"),), (_bash("mkfifo second", "mkfifo"),)),
        (
            Step(
                Kind.APPROVAL,
                "mkfifo first",
                {"decision": "always", "confirm": True},
                makes="first",
            ),
        ),
        then="second",
    ),
)


def seed(place: Place) -> None:
    """A provider of our own, and a sandbox that may write nothing without a question."""
    folder = place.home / ".codex"
    folder.mkdir(exist_ok=True)
    (folder / "config.toml").write_text(
        f"""\
sandbox_mode = "read-only"
model = "scripted"
model_provider = "canary"
check_for_update_on_startup = false

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
    not_covered=(
        "a question and a plan: its plan mode has to be switched on by hand",
        "a tool of an MCP server: none is started",
    ),
)
