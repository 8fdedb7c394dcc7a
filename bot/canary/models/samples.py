"""What a form is filled with that an agent gives its model: something of the right shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.canary.script import ASIDE


def sample(schema: Mapping[str, Any]) -> object:
    """``schema``: JSON Schema; Gemini CLI (0.61.0) writes its types in capitals."""
    match str(schema.get("type", "")).lower():
        case "object":
            properties: Mapping[str, Any] = schema.get("properties") or {}
            return {name: sample(one) for name, one in properties.items()}
        case "array":
            return []
        case "boolean":
            return False
        case "number" | "integer":
            return 0
        case _:
            return (schema.get("enum") or [ASIDE])[0]
