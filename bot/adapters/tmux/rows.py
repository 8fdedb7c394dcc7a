"""The formats that are asked of tmux, and what comes back, read.

Fields that a program or a person chose come last, stripped of control characters and of the
separator by tmux itself: a title or a directory with line ends in it cannot make a second row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.adapters.tmux.control import Block
from bot.adapters.tmux.guard import BLANKS
from bot.core.ids import PaneId, PaneKey, ServerKey
from bot.core.screen import PaneFacts, Screen
from bot.ports.terminal import PaneInfo

_SEPARATOR = "\u241f"


def _strange(name: str) -> str:
    """tmux 3.3a knows no ``[[:cntrl:]]`` in ``s//``: its colons would end the modifier."""
    return f"#{{s/[\x01-\x1f\x7f{_SEPARATOR}]/?/:{name}}}"


_KEY = ("pid", "start_time", "pane_id", "pane_pid")
_PLACE = ("session_id", "window_index", "pane_index", "pane_width", "pane_height", "pane_tty")
_DEATH = ("pane_dead_status", "pane_dead_signal")
_OURS = (*_KEY, *_PLACE, "pane_dead", "window_activity", *_DEATH)
_THEIRS = (
    "session_name",
    "pane_current_command",
    "pane_current_path",
    "pane_title",
)
_CURSOR = ("cursor_x", "cursor_y", "cursor_flag")
_STATE = ("pane_width", "pane_height", "history_size", "alternate_on", "pane_in_mode", "pane_dead")
_FACTS = (*_KEY, *_CURSOR, *_STATE)
_FACTS_THEIRS = ("pane_current_command", "pane_title")


def _format(ours: Sequence[str], theirs: Sequence[str]) -> str:
    fields = [f"#{{{name}}}" for name in ours] + [_strange(name) for name in theirs]
    return _SEPARATOR.join(fields)


_ROW = _format(_OURS, _THEIRS)
LIST_PANES = f"list-panes -a -F '{_ROW}'"
_BRIEF = ("pane_id", "window_activity", "pane_pid", *_PLACE, "pane_dead")
LIST_BRIEFLY = "list-panes -a -F '" + " ".join(f"#{{{name}}}" for name in _BRIEF) + "'"
LIST_MARKS = (
    "list-panes -a -F '#{pane_id} #{window_activity} #{history_size} #{cursor_x} #{cursor_y}'"
)
LIST_GENERATIONS = "list-panes -a -F '#{pane_id} - #{pane_output_generation}'"
"""From tmux 3.8 on: a number that rises with all that a pane writes, within a second, too."""
_SHOW_FACTS = _format(_FACTS, _FACTS_THEIRS)


def _fields(row: str, ours: Sequence[str], theirs: Sequence[str]) -> dict[str, str] | None:
    values = row.split(_SEPARATOR)
    names = [*ours, *theirs]
    return dict(zip(names, values, strict=True)) if len(values) == len(names) else None


def _key(fields: dict[str, str]) -> PaneKey:
    server = ServerKey(int(fields["pid"]), int(fields["start_time"]))
    # tmux 3.8 knows no process of a dead pane any more
    return PaneKey(server, PaneId(fields["pane_id"]), int(fields["pane_pid"] or 0))


def list_one(pane: PaneId) -> str:
    return f"display-message -p -t {pane} '{_ROW}'"


def pane_infos(rows: Iterable[str]) -> tuple[PaneInfo, ...]:
    found = [_fields(row, _OURS, _THEIRS) for row in rows]
    return tuple(_info(fields) for fields in found if fields is not None)


def brief(info: PaneInfo) -> str:
    """What the brief list says of a pane after its id and its activity."""
    place = (info.session_id, info.window_index, info.pane_index, info.width, info.height)
    return " ".join(map(str, (info.key.pid or "", *place, info.tty, int(info.dead))))


def _info(fields: dict[str, str]) -> PaneInfo:
    return PaneInfo(
        key=_key(fields),
        session=fields["session_name"],
        session_id=fields["session_id"],
        window_index=int(fields["window_index"]),
        pane_index=int(fields["pane_index"]),
        command=fields["pane_current_command"],
        path=fields["pane_current_path"],
        title=fields["pane_title"],
        width=int(fields["pane_width"]),
        height=int(fields["pane_height"]),
        tty=fields["pane_tty"],
        dead=fields["pane_dead"] == "1",
        activity=int(fields["window_activity"] or 0),
        status=_status(fields),
    )


def _status(fields: dict[str, str]) -> str:
    signal = fields["pane_dead_signal"]
    return f"signal {signal}" if signal not in ("", "0") else fields["pane_dead_status"]


def capture_line(pane: PaneId, history: int, *, ansi: bool) -> str:
    """Facts and rows in one command list, thus of one moment."""
    since = f" -S -{history}" if history > 0 else ""
    rows = f"capture-pane -p{since} -t {pane}"
    colours = f" ; capture-pane -p -e{since} -t {pane}" if ansi else ""
    return f"display-message -p -t {pane} '{_SHOW_FACTS}' ; {rows}{colours}"


def screens(
    keys: Sequence[PaneKey], blocks: Sequence[Block], history: int, *, ansi: bool
) -> tuple[dict[PaneId, Screen], list[PaneKey]]:
    """The screens, and the panes whose reply does not add up.

    A row of a screen may imitate the end of its own reply. Then it is shorter than the pane is
    high; it and all that follow in the same batch are not believed.
    """
    found: dict[PaneId, Screen] = {}
    at = 0
    for number, key in enumerate(keys):
        size = 2 if len(blocks) > at + 1 and not blocks[at + 1].ok else 2 + ansi
        reply, at = blocks[at : at + size], at + size
        if len(reply) < size or len(reply[0].lines) != 1:
            return found, list(keys[number:])
        fields = _fields(reply[0].lines[0], _FACTS, _FACTS_THEIRS)
        if fields is None or fields["pane_id"] != key.pane or _key(fields) != key:
            continue
        rows = int(fields["pane_height"]) + min(history, int(fields["history_size"]))
        if any(len(block.lines) != rows for block in reply[1:]):
            return found, list(keys[number:])
        found[key.pane] = _screen(fields, reply)
    return found, []


def _screen(fields: dict[str, str], reply: Sequence[Block]) -> Screen:
    rows = tuple(line.rstrip(BLANKS) for line in reply[1].lines)
    return Screen(rows, _facts(fields), reply[2].lines if len(reply) > 2 else None)


def _facts(fields: dict[str, str]) -> PaneFacts:
    return PaneFacts(
        command=fields["pane_current_command"],
        title=fields["pane_title"],
        cursor_x=int(fields["cursor_x"] or 0),
        cursor_y=int(fields["cursor_y"] or 0),
        cursor_shown=fields["cursor_flag"] == "1",
        alternate=fields["alternate_on"] == "1",
        in_mode=fields["pane_in_mode"] not in ("", "0"),
        dead=fields["pane_dead"] == "1",
        history=int(fields["history_size"] or 0),
        height=int(fields["pane_height"] or 0),
        width=int(fields["pane_width"] or 0),
    )
