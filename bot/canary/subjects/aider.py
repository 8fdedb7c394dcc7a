"""How aider is tried (0.86.2)."""

from __future__ import annotations

import json
from collections.abc import Mapping

from bot.canary import cases
from bot.canary.models import chat
from bot.canary.script import Case, Step
from bot.canary.subject import Place, Subject
from bot.core.prompts import Kind


def _bash(command: str) -> str:
    return f"Like this:\n\n```bash\n{command}\n```\n"


def _write(name: str, line: str) -> str:
    return f"{name}\n```\n<<<<<<< SEARCH\n=======\n{line}\n>>>>>>> REPLACE\n```\n"


CASES = (
    *cases.commands(_bash, allowed="git add notes.txt secrets.txt && mkfifo allowed"),
    *cases.edits(_write),
    Case(
        "read.approve",
        "a file for the chat, allowed",
        (("I have to see notes.txt first.",),),
        (Step(Kind.APPROVAL, "notes.txt", cases.APPROVE, hears=cases.NOTES),),
    ),
    Case(
        "read.deny",
        "a file for the chat, denied",
        (("I have to see secrets.txt first.",),),
        (Step(Kind.APPROVAL, "secrets.txt", cases.DENY, unheard=cases.SECRETS),),
    ),
)


def seed(place: Place) -> None:
    """A file that it may see and one that it may not, once they are in its repository; and the
    prices of models, which it would look for on the network."""
    for name, words in cases.FILES.items():
        (place.project / name).write_text(f"{words}\n", encoding="utf-8")
    caches = place.home / ".aider" / "caches"
    caches.mkdir(parents=True, exist_ok=True)
    prices = {"openai/scripted": {"max_input_tokens": 200_000, "litellm_provider": "openai"}}
    path = caches / "model_prices_and_context_window.json"
    path.write_text(json.dumps(prices), encoding="utf-8")


def environment(place: Place) -> Mapping[str, str]:
    return {
        "OPENAI_API_BASE": f"http://127.0.0.1:{place.port}/v1",
        "OPENAI_API_KEY": "no-key",
        "AIDER_ANALYTICS": "false",
        "AIDER_CHECK_UPDATE": "false",
        "AIDER_SHOW_RELEASE_NOTES": "false",
        "AIDER_SHOW_MODEL_WARNINGS": "false",
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    }


SUBJECT = Subject(
    "aider",
    CASES,
    chat.by_words,
    seed,
    environment,
    not_covered=(
        "all of several files at once: “always” is offered for a list only",
        "a page for the chat: it would be fetched",
        "an edit of a file that is not in the chat",
    ),
    flags=("--model", "openai/scripted", "--edit-format", "diff", "--no-gitignore"),
)
