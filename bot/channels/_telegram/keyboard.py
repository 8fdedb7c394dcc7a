"""Buttons under a message. What a tap sends is the command itself."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from bot.channels._telegram.entities import cut, sendable, units
from bot.core.notices import Button, ButtonStyle, Notice

DATA_LIMIT = 64
"""Bytes of ``callback_data`` (Bot API, InlineKeyboardButton), which every phone takes back as they
are. A command that is longer has no button: cut short it would be another command."""
COPY_LIMIT = 256
"""Characters of a CopyTextButton."""
KEYS_LIMIT = 100
LABEL_LIMIT = 40
ATTACH = "📋 Copy the tmux command"
SHORT = 16
IN_A_ROW = 3

_STYLES = {ButtonStyle.ALLOW: "success", ButtonStyle.DENY: "danger", ButtonStyle.PLAIN: ""}


@dataclass(frozen=True, slots=True)
class Key:
    """Sends ``command`` or copies ``copy``: one of them is empty."""

    label: str
    style: str = ""
    command: str = ""
    copy: str = ""


@dataclass(frozen=True, slots=True)
class Keyboard:
    rows: tuple[tuple[Key, ...], ...] = ()
    complete: bool = True
    """False when a button of the notice has no key here: its words have to be typed."""


NO_KEYS = Keyboard()


def keyboard(notice: Notice) -> Keyboard:
    fitting = [button for button in notice.buttons if fits(button.command)][:KEYS_LIMIT]
    keys = [_key(button) for button in fitting]
    rows = tuple(_rows(keys))
    line = sendable(notice.attach)
    if 0 < units(line) <= COPY_LIMIT:
        rows += ((Key(ATTACH, copy=line),),)
    return Keyboard(rows, complete=len(keys) == len(notice.buttons))


def fits(command: str) -> bool:
    return sendable(command) == command and 0 < len(command.encode()) <= DATA_LIMIT


def _key(button: Button) -> Key:
    label = " ".join(sendable(button.label).split()) or button.command
    return Key(cut(label, LABEL_LIMIT), _STYLES[button.style], button.command)


def _rows(keys: list[Key]) -> list[tuple[Key, ...]]:
    """Short labels side by side, a long one by itself, all in their order."""
    rows: list[tuple[Key, ...]] = []
    for is_short, run in groupby(keys, lambda key: units(key.label) <= SHORT):
        group = tuple(run)
        step = _side_by_side(len(group)) if is_short else 1
        rows += [group[at : at + step] for at in range(0, len(group), step)]
    return rows


def _side_by_side(count: int) -> int:
    """Longer lists come in pairs where they can: "Show k3f", "Deny k3f" belong together."""
    return 2 if count > IN_A_ROW and count % 2 == 0 else IN_A_ROW
