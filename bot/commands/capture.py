"""``wingman capture``: a session's screen as a test case, secrets masked."""

from __future__ import annotations

import getpass
import json
import re
import socket
import sys
from pathlib import Path

from bot.app import agents
from bot.commands import offline
from bot.commands.files import replace
from bot.core.errors import WingmanError
from bot.core.masking import masked, masked_like
from bot.core.reading import Reader
from bot.core.screen import Screen
from bot.core.wire import pane_document, pane_facts, reading_document
from bot.settings import Settings

_CASE = re.compile(r"[a-z0-9][a-z0-9_]*")


def capture(settings: Settings, name: str, case: str, folder: Path) -> int:
    """Three files beside each other: the rows, the rows with colours, and how they were read."""
    if not _CASE.fullmatch(case):
        raise WingmanError(f"'{case}' is no name for a case: small letters, digits and _")
    info, seen = offline.captured(settings, name)
    clean = _clean(seen)
    reading = Reader(tuple(agents().values()))(clean)
    target = folder.expanduser() / f"{case}_{info.width}"
    about = {
        "version": "",
        "height": info.height,
        "pane": pane_document(clean.pane),
        "expected": _expected(reading_document(reading)),
    }
    _write(target.with_suffix(".txt"), "\n".join(clean.trimmed()) + "\n")
    _write(target.with_suffix(".ansi"), "\n".join(clean.ansi or ()).rstrip("\n") + "\n")
    _write(target.with_suffix(".json"), json.dumps(about, ensure_ascii=False, indent=1) + "\n")
    sys.stdout.write(
        f"✓ {target}.txt, .ansi and .json: read as {reading.state.value}\n"
        "  What looks like a secret or names you is masked. Look through them before you share\n"
        "  them, and correct what .json expects where the reading is wrong.\n"
    )
    return 0


def _clean(seen: Screen) -> Screen:
    names = [getpass.getuser(), Path.home().name, socket.gethostname().split(".")[0]]
    rows = masked(seen.rows, names)
    ansi = (seen.ansi or ())[: len(rows)]
    coloured = masked_like(ansi, seen.rows[: len(ansi)], rows[: len(ansi)])
    facts = pane_document(seen.pane)
    facts["title"] = masked([str(facts["title"])], names)[0]
    return Screen(rows, pane_facts(facts), coloured)


def _expected(document: dict[str, object]) -> dict[str, object]:
    """What a test holds a reading against; the rest follows from it."""
    if not document["choices"]:
        return {"state": document["state"]}
    kept = ("state", "tool", "choices", "typing", "complete", "subject")
    return {key: document[key] for key in kept}


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace(path, text, 0o644)
    except OSError as error:
        raise WingmanError(f"{path} can't be written: {error.strerror}") from None
