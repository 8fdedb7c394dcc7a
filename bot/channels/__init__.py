"""What a channel's file says of itself, and what it is built from."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bot.core.checks import Check
from bot.ports.channel import Channel
from bot.ports.chatlog import ChatLog
from bot.ports.clock import Clock
from bot.ports.memory import Memory
from bot.settings import Settings


@dataclass(frozen=True, slots=True)
class CommandHint:
    """One line of a provider's own menu of commands."""

    name: str
    summary: str


@dataclass(frozen=True, slots=True)
class ChannelContext:
    settings: Settings
    chat: ChatLog
    clock: Clock
    memory: Memory
    """The channel's own: no other one sees or changes what is in it."""
    commands: Sequence[CommandHint] = ()


@dataclass(frozen=True, slots=True)
class Contact:
    """The account that people write to, as the provider has it."""

    name: str
    link: str
    """Opens the chat, and has the pairing code in the place of ``{code}`` sent there."""
    remarks: tuple[str, ...] = ()
    """What the settings ask for and the account does not have, with the cure."""


@dataclass(frozen=True, slots=True)
class ChannelSpec:
    """``build`` returns None when the settings do not ask for that channel."""

    id: str
    summary: str
    build: Callable[[ChannelContext], Channel | None]
    title: str = ""
    """As people write it, e.g. WhatsApp; empty for what is at the machine itself."""
    called: str = ""
    """What that is called, if it is not the id."""
    probe: Callable[[Settings, Clock], Awaitable[Contact]] | None = None
    """Asks the provider whether the settings work, and changes nothing there. Raises WingmanError
    with the cure."""
    checks: Callable[[Settings, Clock], Awaitable[tuple[Check, ...]]] | None = None
    """Looks at all that it needs at its provider, and changes nothing there. Never raises what
    the provider does: that is a finding."""
