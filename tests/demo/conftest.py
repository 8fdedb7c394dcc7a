from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.demo.actor import Actor

Play = Callable[..., Actor]


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Play]:
    """Starts an agent on steps: ``play({"bash": "make"}, width=80)``; options join the script."""
    actors: list[Actor] = []

    def start(*steps: dict[str, Any], width: int = 100, height: int = 40, **options: Any) -> Actor:
        script = {"guard_ms": 0, "gap_ms": 30, "steps": list(steps), **options}
        directory = tmp_path / str(len(actors))
        directory.mkdir()
        actors.append(Actor(directory, script, (width, height)))
        return actors[-1]

    yield start
    for actor in actors:
        actor.end()
