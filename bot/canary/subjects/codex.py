"""How the Codex CLI is tried (0.169.0)."""

from __future__ import annotations

from collections.abc import Mapping

from bot.canary import cases
from bot.canary.models import responses
from bot.canary.script import EITHER, Call
from bot.canary.subject import Place, Subject


def _bash(command: str, *rule: str) -> Call:
    asks = {"sandbox_permissions": "require_escalated", "justification": "May I make a marker?"}
    pattern = {"prefix_rule": [*rule]} if rule else {}
    return Call("exec_command", {"cmd": command, **asks, **pattern})


def _write(name: str, line: str) -> Call:
    patch = f"*** Begin Patch\n*** Add File: {name}\n+{line}\n*** End Patch"
    return Call("exec_command", {"cmd": f"apply_patch <<'EOF'\n{patch}\nEOF"})


CASES = (
    *cases.commands(_bash, ways=EITHER),
    *cases.edits(_write, ways=EITHER),
    *cases.always(_bash("mkfifo first", "mkfifo"), _bash("mkfifo second", "mkfifo")),
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
