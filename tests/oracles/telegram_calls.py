"""Holds calls, results and updates of the Bot API against aiogram's models of it.

Runs in ``.venv-oracles``, as aiogram wants another pydantic than we have. One JSON object a line:
``{"kind": "call", "method": "sendMessage", "value": {…}}`` is answered by a list of complaints.
``{"$upload": "name"}`` stands for a file. Lengths are not known to these models.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

from aiogram import methods
from aiogram.types import BufferedInputFile, Update
from pydantic import BaseModel, TypeAdapter, ValidationError

READY = "ready"
METHODS = {
    model.__api_method__: model
    for name in methods.__all__
    if hasattr(model := getattr(methods, name), "__api_method__")
}


def complaints(kind: str, method: str, value: Any) -> list[str]:
    try:
        if kind == "update":
            return list(_unknown(Update.model_validate(value), "update"))
        if method not in METHODS:
            return [f"no method {method}"]
        if kind == "result":
            model: TypeAdapter[Any] = TypeAdapter(METHODS[method].__returning__)
            return list(_unknown(model.validate_python(value), f"{method} result"))
        return list(_unknown(METHODS[method].model_validate(_with_files(value)), method))
    except ValidationError as error:
        return [f"{method or kind}: {_told(one)}" for one in error.errors()]


def _told(error: Any) -> str:
    return f"{'.'.join(map(str, error['loc']))}: {error['msg']}"


def _with_files(value: dict[str, Any]) -> dict[str, Any]:
    return {
        name: BufferedInputFile(b"", one["$upload"])
        if isinstance(one, dict) and "$upload" in one
        else one
        for name, one in value.items()
    }


def _unknown(value: Any, path: str) -> Iterator[str]:
    """Every model keeps the fields that it does not know."""
    if isinstance(value, list):
        for at, one in enumerate(value):
            yield from _unknown(one, f"{path}[{at}]")
    if isinstance(value, BaseModel):
        for name in value.model_extra or {}:
            yield f"{path}: unknown field {name}"
        for name in type(value).model_fields:
            yield from _unknown(getattr(value, name), f"{path}.{name}")


def main() -> None:
    sys.stdout.write(READY + "\n")
    sys.stdout.flush()
    for line in sys.stdin:
        asked = json.loads(line)
        answer = complaints(asked["kind"], asked["method"], asked["value"])
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
