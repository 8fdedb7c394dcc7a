"""How the command is called here, for lines that people copy."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from pathlib import Path

NAME = "wingman"
_COMMAND = re.compile(rf"(?<![\w/.-]){NAME} (?=[a-z])")


def program() -> str:
    """``wingman`` where the shell finds this one under that name, else the path that it was run
    by, such as ``.venv/bin/wingman`` in a checkout."""
    given = Path(sys.argv[0])
    if given.name != NAME or not given.exists():
        return NAME
    found = shutil.which(NAME)
    if found is not None and os.path.samefile(found, given):
        return NAME
    beside = os.path.relpath(given)
    return shlex.quote(str(given.absolute()) if beside.startswith("..") else beside)


def runnable(words: str) -> str:
    """With the commands of ours that stand in it as they can be run here."""
    return _COMMAND.sub(lambda _: f"{program()} ", words)
