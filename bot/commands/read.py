"""``wingman read``: what captured screens mean, without a gateway."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

from bot.core.agent import AgentSpec
from bot.core.errors import WingmanError
from bot.core.reading import AUTO, Reader
from bot.core.screen import Screen
from bot.core.wire import pane_facts, reading_document
from bot.registry import leaves

Document = dict[str, Any]


def read(files: list[Path], agent: str, batch: bool, as_json: bool) -> int:
    """Screens of FILES (``-``: standard input), or with ``batch`` JSON lines; prints documents."""
    specs: dict[str, AgentSpec] = leaves("bot.agents", "AGENT")
    reader = Reader(tuple(specs.values()))
    if agent not in (AUTO, *specs):
        sys.stderr.write(f"There is no agent “{agent}”: {', '.join((AUTO, *specs))}\n")
        return 2
    if batch:
        return _print_all(_of_lines(reader, sys.stdin, agent), as_json=True)
    documents = _of_files(reader, files or [Path("-")], agent)
    return _print_all(documents, as_json=as_json or len(files) > 1)


def _print_all(documents: Iterable[Document], *, as_json: bool) -> int:
    failed = False
    for document in documents:
        failed = failed or "error" in document
        if document.get("told"):
            continue
        line = json.dumps(document, ensure_ascii=False) if as_json else _words(document)
        # a lone surrogate, from a broken capture, has no UTF-8
        sys.stdout.write(line.encode(errors="replace").decode() + "\n")
        sys.stdout.flush()
    return 1 if failed else 0


def _of_files(reader: Reader, files: Iterable[Path], agent: str) -> Iterator[Document]:
    for file in files:
        try:
            text = _text_of(file)
        except OSError as error:
            sys.stderr.write(f"{file}: {error.strerror or error}\n")
            yield {"error": str(error), "told": True}
        else:
            yield reading_document(reader(Screen.of(text), agent))


def _text_of(file: Path) -> str:
    if str(file) == "-":
        return sys.stdin.read()
    return file.read_text(encoding="utf-8", errors="replace")


def _of_lines(reader: Reader, lines: TextIO, default: str) -> Iterator[Document]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield _of_line(reader, line, default)
            except (ValueError, WingmanError) as error:
                yield {"error": f"line {number}: {error}"}


def _of_line(reader: Reader, line: str, default: str) -> Document:
    """Raises ValueError for a line without a screen."""
    given = json.loads(line)
    if not isinstance(given, dict) or not isinstance(given.get("screen"), str):
        raise ValueError('it needs {"screen": text}')
    pane, ansi = given.get("pane") or {}, given.get("ansi")
    if not isinstance(pane, dict) or not (ansi is None or isinstance(ansi, str)):
        raise ValueError("pane is an object, ansi is text")
    screen = Screen.of(given["screen"], pane_facts(pane), ansi)
    return reading_document(reader(screen, str(given.get("agent") or default)))


def _words(document: Document) -> str:
    """The document for a person."""
    lines = [f"{document['agent'] or 'unknown'}: {document['state']}"]
    lines += [
        f"{name}: {document[name]}" for name in ("tool", "subject", "question") if document[name]
    ]
    for choice in document["choices"]:
        mark = ">" if choice["selected"] else " "
        box = "" if "checked" not in choice else "[✔] " if choice["checked"] else "[ ] "
        lines.append(f"{mark} {choice['n']}. {box}{choice['label']}  ({choice['role']})")
    if not document["complete"]:
        lines.append("Part of it is off the screen.")
    lines += [f"{signal['kind']}: {signal['text']}" for signal in document["signals"]]
    return "\n".join(lines)
