"""What else a screen tells of a session, for people: whatever is not certain is left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace


@dataclass(frozen=True, slots=True)
class Vitals:
    title: str = ""
    """What the agent itself calls its work."""
    model: str = ""
    mode: str = ""
    """Its permission mode, in its own words."""
    context: int | None = None
    """Percent of the context that is used."""
    cost: str = ""
    """As the agent writes it, e.g. ``$0.42``."""
    tests: str = ""
    """``8/10``: tests passed of those that have run."""
    trouble: str = ""
    """What holds it up for now: it tries again by itself."""
    halted: str = ""
    """Why it cannot go on without a person, e.g. ``Credit balance too low``."""
    failed: str = ""
    """Why its last turn broke off, as its hook told: that stays until somebody goes on with it."""

    @property
    def stopped(self) -> str:
        return self.halted or self.failed


UNKNOWN = Vitals()
_OF_THE_MOMENT = frozenset({"trouble", "halted"})


def updated(old: Vitals, new: Vitals) -> Vitals:
    """What is not in sight any more stays as it was; trouble is only what is there now."""
    seen = {
        field.name: getattr(new, field.name)
        for field in fields(new)
        if field.name in _OF_THE_MOMENT or getattr(new, field.name) not in ("", None)
    }
    return replace(old, **seen)


def used_up(left: str) -> int:
    """Percent of the context that is used, where an agent tells what is left of it."""
    return max(0, 100 - int(left))


def first_in(rows: Sequence[str], pattern: re.Pattern[str]) -> re.Match[str] | None:
    return next((found for row in rows if (found := pattern.search(row.rstrip()))), None)


_PYTEST = re.compile(r"=+ (?P<counts>(?:\d+ [a-z]+, )*\d+ [a-z]+) in [\d.]+s(?: \([\d:]+\))? =+")
_CARGO = re.compile(r"test result: \w+\. (?P<passed>\d+) passed; (?P<failed>\d+) failed;")
_JEST = re.compile(
    r"Tests:\s+(?:(?P<failed>\d+) failed, )?(?:\d+ (?:skipped|todo), )*(?P<passed>\d+) passed, "
    r"(?P<total>\d+) total"
)
_VITEST = re.compile(
    r"Tests\s+(?:(?P<failed>\d+) failed \| )?(?P<passed>\d+) passed(?: \| .*)? \((?P<total>\d+)\)"
)
_COUNT = re.compile(r"(\d+) ([a-z]+)")


def count_tests(rows: Sequence[str]) -> str:
    """By the last line with which pytest, jest, vitest or cargo sums up a run; else empty."""
    for row in reversed(rows):
        found = _tests(row.strip(" │⎿└"))
        if found:
            return found
    return ""


def _tests(line: str) -> str:
    pytest = _PYTEST.fullmatch(line)
    if pytest:
        counts = {word: int(number) for number, word in _COUNT.findall(pytest["counts"])}
        passed = counts.get("passed", 0)
        bad = sum(counts.get(word, 0) for word in ("failed", "error", "errors"))
        return f"{passed}/{passed + bad}" if passed + bad else ""
    cargo = _CARGO.match(line)
    if cargo:
        passed, failed = int(cargo["passed"]), int(cargo["failed"])
        return f"{passed}/{passed + failed}" if passed + failed else ""
    summary = _JEST.fullmatch(line) or _VITEST.fullmatch(line)
    if summary:
        passed, failed = int(summary["passed"]), int(summary["failed"] or 0)
        return f"{passed}/{passed + failed}"
    return ""
