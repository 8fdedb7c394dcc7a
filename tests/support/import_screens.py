"""Turns a corpus of recorded, labelled screens into golden screens.

    python tests/support/import_screens.py CORPUS tests/agents/screens [--ansi CASE_WIDTH …]

CORPUS holds ``labels.jsonl`` and the files it names. Each label becomes ``<case>_<width>.txt``, as
captured, and a ``.json`` beside it with the pane's facts and what a reading must say.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Any

PANE = ("command", "title", "cursor_x", "cursor_y", "cursor_flag", "alternate_on", "dead")
_GOES_ON = re.compile(r" {2,}[↓↑]$", re.MULTILINE)


def expected(label: dict[str, Any], text: str) -> dict[str, Any]:
    """Only what the label tells for certain."""
    found: dict[str, Any] = {"state": label["expect"]}
    detail = label.get("detail") or {}
    if label.get("tool"):
        found["tool"] = label["tool"]
    if label.get("options"):
        found["choices"] = [_choice(option) for option in label["options"]]
    if label.get("digits_are_typed") is not None:
        found["typing"] = label["digits_are_typed"]
    if label.get("clipped_lines") is not None:
        # a plan scrolls in its own box, which the corpus does not count as clipped
        scrolls = label.get("tool") == "ExitPlanMode" and _GOES_ON.search(text)
        found["complete"] = label["clipped_lines"] == 0 and not scrolls
    if label.get("input_whole_on_screen"):
        found["subject"] = detail["command"]
    elif "url" in detail:
        found["subject"] = detail["url"]
    found.update(label.get("also", {}))
    return found


def _choice(option: dict[str, Any]) -> dict[str, Any]:
    choice = {"label": option["text"], "role": option["role"]}
    for key in ("selected", "checked"):
        if option.get(key) is not None:
            choice[key] = option[key]
    return choice


def add(label: dict[str, Any], corpus: Path, target: Path, *, ansi: bool) -> None:
    text = (corpus / label["file"]).read_text(encoding="utf-8")
    pane = {key: label["pane"][key] for key in PANE if key in label["pane"]}
    golden = {
        "version": label["version"],
        "height": label["height"],
        "pane": pane,
        "expected": expected(label, text),
    }
    path = target / label["agent"] / f"{label['case']}_{label['width']}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".txt").write_text(text.rstrip("\n") + "\n", encoding="utf-8")
    written = json.dumps(golden, ensure_ascii=False, indent=1)
    path.with_suffix(".json").write_text(written + "\n", encoding="utf-8")
    if ansi:
        rows = (corpus / label["ansi"]).read_text(encoding="utf-8")
        path.with_suffix(".ansi").write_text(rows.rstrip("\n") + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--agent", default="claude")
    parser.add_argument("--ansi", nargs="*", default=[])
    given = parser.parse_args()
    for line in (given.corpus / "labels.jsonl").read_text(encoding="utf-8").splitlines():
        label = json.loads(line)
        if label["agent"] == given.agent:
            name = f"{label['case']}_{label['width']}"
            add(label, given.corpus, given.target, ansi=name in given.ansi)


if __name__ == "__main__":
    main()
