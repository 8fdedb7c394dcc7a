"""A file of JSON that belongs to another program: changed, and put back as it was."""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import re
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bot.commands.files import PRIVATE, replace
from bot.core.errors import Refused, WingmanError

Json = dict[str, Any]

_INDENT = re.compile(r"[{\[]\r?\n([ \t]+)")
_EARLIER = "earlier"
_MARK = "\ufeff"
"""Some editors begin a file with it; Claude Code (2.1.197, 2.1.329) reads such files."""


class JsonFile:
    """``kept`` is a folder of ours: there lies what the file was before our first change, so that
    taking the change back gives the very same bytes if nobody else wrote meanwhile."""

    def __init__(self, path: Path, kept: Path) -> None:
        # A link, as some keep their settings elsewhere, stays a link.
        self._path = path.resolve()
        name = hashlib.sha256(str(self._path).encode()).hexdigest()[:16]
        self._note = kept / f"{name}.json"

    def read(self) -> Json:
        """Empty when there is no file. Raises WingmanError."""
        return _parsed(self._path, self._text() or "")

    def change(self, edit: Callable[[Json], Json]) -> bool:
        """Whether there was anything to change. Raises WingmanError; then nothing was written."""
        before = self._text()
        document = _parsed(self._path, before or "")
        try:
            after = edit(document)
        except Refused as refusal:
            raise WingmanError(f"{self._path}: {refusal}; nothing was changed") from None
        if after == document:
            return False
        text = _like(before or "", after)
        with self._saying():
            self._remember(before, text)
            self._write(text)
        return True

    def undo(self, edit: Callable[[Json], Json]) -> bool:
        """Back to the bytes that were there, or, when others wrote since, to what ``edit`` makes
        of it; a file that we made and that holds nothing any more goes."""
        now = self._text()
        note = self._noted()
        if note is not None and now is not None and note["ours"] == _hash(now):
            with self._saying():
                self._restore(note[_EARLIER])
            return True
        changed = self.change(edit)
        if changed and note is not None and note[_EARLIER] is None and not self.read():
            with self._saying():
                self._path.unlink()
        self._note.unlink(missing_ok=True)
        return changed

    def _restore(self, earlier: str | None) -> None:
        if earlier is None:
            self._path.unlink()
        else:
            self._write(earlier)
        self._note.unlink(missing_ok=True)

    def _remember(self, before: str | None, after: str) -> None:
        """What was there before our first change counts, not before the second."""
        note = self._noted()
        untouched = note is not None and before is not None and note["ours"] == _hash(before)
        earlier = note[_EARLIER] if note is not None and untouched else before
        self._note.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace(self._note, json.dumps({"ours": _hash(after), _EARLIER: earlier}))

    def _noted(self) -> Json | None:
        with contextlib.suppress(OSError, ValueError):
            note = json.loads(self._note.read_text(encoding="utf-8"))
            if isinstance(note, dict) and note.keys() == {"ours", _EARLIER}:
                return note
        return None

    def _text(self) -> str | None:
        try:
            return self._path.read_bytes().decode()
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise self._unusable(error) from None

    def _write(self, text: str) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        mode = PRIVATE
        with contextlib.suppress(FileNotFoundError):
            mode = stat.S_IMODE(self._path.stat().st_mode)
        replace(self._path, text, mode)

    @contextlib.contextmanager
    def _saying(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise self._unusable(error) from None

    def _unusable(self, error: OSError | UnicodeDecodeError) -> WingmanError:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        return WingmanError(f"{self._path} can't be used: {reason or error}; nothing was changed")


def _parsed(path: Path, text: str) -> Json:
    text = text.removeprefix(_MARK)
    if not text.strip():
        return {}
    try:
        document = json.loads(
            text, object_pairs_hook=_once, parse_constant=_nothing, parse_float=_finite
        )
    except (ValueError, RecursionError) as error:
        raise WingmanError(
            f"{path} is not valid JSON ({error}): correct that first; nothing was changed"
        ) from None
    if not isinstance(document, dict):
        raise WingmanError(f"{path} holds no JSON object: correct that first; nothing was changed")
    return document


def _once(pairs: list[tuple[str, Any]]) -> Json:
    """Of two values under one name a reader takes the last; writing would lose the other."""
    document = dict(pairs)
    if len(document) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"it has {json.dumps(twice)} twice")
    return document


def _nothing(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def _finite(digits: str) -> float:
    """Raises ValueError for what could not be written again."""
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"{digits} is too large a number")
    return number


def _like(before: str, document: Json) -> str:
    """Indented, and ended, as it was: with its line ends, and the mark some editors begin with."""
    found = _INDENT.search(before)
    indent = found.group(1) if found else "  "
    end = "" if before.strip() and not before.endswith("\n") else "\n"
    text = json.dumps(document, ensure_ascii=False, indent=indent)
    if any("\ud800" <= char <= "\udfff" for char in text):  # half a character, as JSON may have
        text = json.dumps(document, indent=indent)
    mark = _MARK if before.startswith(_MARK) else ""
    text = mark + text + end
    return text.replace("\n", "\r\n") if "\r\n" in before else text


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
