"""Buttons, as far as WhatsApp has them: three quick replies, or one menu of ten rows.

A tap comes back with the command only by webhook; in the list of messages it is the title alone
(Twilio, Message resource). So a title says by itself what is meant and for which prompt."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.channels._whatsapp.texts import cut, sendable, units
from bot.core.notices import Button, Notice

QUICK, MENU = 3, 10
"""Buttons that need no approval; rows of a list picker (Twilio, Content types)."""
QUICK_TITLE, MENU_TITLE, ABOUT = 20, 24, 72
COMMAND_LIMIT = 128
"""Characters of an id that quick replies and rows both take."""


@dataclass(frozen=True, slots=True)
class Key:
    """``about`` says in full what the title may have cut short."""

    title: str
    command: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Keys:
    keys: tuple[Key, ...] = ()
    complete: bool = True
    """False when a button of the notice has no key here: its words have to be typed."""

    @property
    def is_menu(self) -> bool:
        return len(self.keys) > QUICK


NO_KEYS = Keys()


def keys_of(notice: Notice) -> Keys:
    buttons = [button for button in notice.buttons if _fits(button.command)][:MENU]
    room = MENU_TITLE if len(buttons) > QUICK else QUICK_TITLE
    titles = _distinct([_title(button, notice.code, room) for button in buttons], room)
    made = (
        Key(title, button.command, cut(_one_line(button.label) or button.command, ABOUT))
        for title, button in zip(titles, buttons, strict=True)
    )
    return Keys(tuple(made), complete=len(buttons) == len(notice.buttons))


def _fits(command: str) -> bool:
    return sendable(command) == command and 0 < units(command) <= COMMAND_LIMIT


def _title(button: Button, code: str, room: int) -> str:
    """``Approve k3f9``: with the code, and a row's number, where the command has them."""
    words = button.command.split()
    label = _one_line(button.label).rstrip(".…") or button.command
    numbered = len(words) > 2 and words[0] == "choose"
    if numbered and not label.startswith(f"{words[2]}."):
        label = f"{words[2]}. {label}"
    if not code or code not in words or code in label.split():
        return cut(label, room)
    return f"{cut(label, room - len(code) - 1)} {code}"


def _one_line(text: str) -> str:
    return " ".join(sendable(text).split())


def _distinct(titles: list[str], room: int) -> list[str]:
    """WhatsApp refuses two buttons of one name."""
    given: list[str] = []
    for title in titles:
        shown, number = title, 1
        while shown in given:
            number += 1
            shown = f"{cut(title, room - 1 - len(str(number)))} {number}"
        given.append(shown)
    return given


def typed(keys: Keys) -> str:
    """How the same is said in words, where there are no buttons."""
    lines = [
        f"• {key.command}" + ("" if _says_it(key) else f" – {key.about}")  # noqa: RUF001 - a dash
        for key in keys.keys
    ]
    return "Reply with:\n" + "\n".join(lines) if lines else ""


def _says_it(key: Key) -> bool:
    words = [word.lower() for word in re.findall(r"\w+", key.about)]
    return all(word in key.command.lower() for word in words)
