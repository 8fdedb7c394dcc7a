"""What OpenCode's screen tells beside its dialogs (1.18.33)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.core.layout import last_row
from bot.core.screen import Screen
from bot.core.vitals import Vitals, count_tests, first_in

_TITLE = re.compile(r"OC ?\| ?(\S.*)")
_FOOT = re.compile(r" *╹▀{8,} *")
_NAMES = re.compile(r" *┃ {2}(?P<mode>[A-Z]\w*) · (?P<model>\S+(?: \S+)*)")
"""The last line of the input box."""
_USED = re.compile(r"\b\d[\d.]*[KM]? \((\d{1,3})%\)")
_SIDEBAR_USED = re.compile(r" {2}(\d{1,3})% used$")
_COST = re.compile(r" (\$\d[\d,]*\.\d\d)(?= |$)")
_SIDEBAR_COST = re.compile(r" {2}(\$\d[\d,]*\.\d\d) spent$")
_RETRYING = re.compile(r"[⬝■]{4,} *(\S.* \[retrying .*?\])")
_CONNECT = re.compile(r" {8,}Connect a provider {8,}esc *")
_CONNECTED = re.compile(r" {8,}✓ \S.*")
_NONE = "No provider selected"
_NEEDS_KEY = "no provider: connect one at its terminal with /connect, or set a key"
_ERROR = re.compile(
    r"(?:invalid|incorrect|missing) api key.*|unauthori[sz]ed.*|.*(?:quota|credit|billing).*"
    r"|.*(?:not logged in|login required|session expired).*",
    re.IGNORECASE,
)
_FAILED = re.compile(
    r".*\b(?:error|overloaded|rate.?limit(?:ed)?|too many requests|timed? ?out|unavailable)\b.*",
    re.IGNORECASE,
)
"""Words that a person may use, too: they count only where the agent's own line ends the turn."""
_ENDS = re.compile(r"▣ (?!.*\binterrupted\b).*")
_BELOW = 3
_LONGEST = 200


def signs_in(rows: Sequence[str]) -> bool:
    """Without any provider it opens their list over its input box; closed, the box says so. The
    same list is there for whoever wants one more: then one is marked, or named in the box."""
    foot = last_row(rows, _FOOT.match)
    names = _NAMES.match(rows[foot - 1]) if foot else None
    if names is not None:
        return names["model"].startswith(_NONE)
    opened = any(map(_CONNECT.fullmatch, rows))
    return opened and not any(map(_CONNECTED.match, rows))


def vitals(screen: Screen) -> Vitals:
    rows = screen.trimmed()
    if signs_in(rows):
        return Vitals(halted=_NEEDS_KEY)
    foot = last_row(rows, _FOOT.match)
    if foot is None:  # a dialog has taken the place of the input box
        return Vitals(title=_title(screen), tests=count_tests(rows))
    names = _NAMES.match(rows[foot - 1]) if foot else None
    below = rows[foot + 1 : foot + 1 + _BELOW]
    used = _word(_USED, below) or _word(_SIDEBAR_USED, rows)
    trouble = _word(_RETRYING, (" ".join(row.strip() for row in below),))
    return Vitals(
        title=_title(screen),
        model=names["model"] if names else "",
        mode=names["mode"] if names else "",
        context=min(100, int(used)) if used else None,
        cost=_word(_COST, below) or _word(_SIDEBAR_COST, rows),
        tests=count_tests(rows[:foot]),
        trouble=trouble,
        halted="" if trouble else _halted(rows[:foot]),
    )


def _title(screen: Screen) -> str:
    found = _TITLE.fullmatch(screen.pane.title)
    return found.group(1) if found else ""


def _word(pattern: re.Pattern[str], rows: Sequence[str]) -> str:
    found = first_in(rows, pattern)
    return found.group(1).strip() if found else ""


def _halted(rows: Sequence[str]) -> str:
    """What ended the last turn: the panel above the input box, where the person's own words, in a
    panel as well, stand right above it and nothing is said below."""
    blocks: list[tuple[bool, str]] = []
    gap, ended = False, 0
    for row in rows:
        text = row.strip()
        ended = len(blocks) if _ENDS.match(text) else ended
        if text and not text.startswith("▣"):
            barred = text.startswith("┃")
            if blocks and blocks[-1][0] == barred and not gap:
                blocks[-1] = (barred, f"{blocks[-1][1]} {text.removeprefix('┃').strip()}")
            else:
                blocks.append((barred, text.removeprefix("┃").strip()))
        gap = not text
    said = [" ".join(words.split()) for _, words in blocks[-3:-1]]
    panels = all(barred for barred, _ in blocks[-3:])
    last = said[-1] if len(said) > 1 and panels else ""
    failed = _ERROR.fullmatch(last) or (ended == len(blocks) - 1 and _FAILED.fullmatch(last))
    return last[:_LONGEST] if failed else ""
