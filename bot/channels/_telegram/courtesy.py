"""Small attentions: the menu of commands, a toast for a tap, a mark on a message. All of them may
fail without harm."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

import structlog

from bot.channels._telegram.api import Api, Chat
from bot.channels._telegram.entities import cut, sendable
from bot.channels._telegram.places import Places
from bot.channels._telegram.sending import Sending
from bot.channels._telegram.updates import Ignored, Me
from bot.core.decisions import Inbound
from bot.core.errors import WingmanError
from bot.core.notices import Notice, NoticeKind
from bot.core.receipts import TOAST, says_enough, toast_of
from bot.ports.memory import Memory

log = structlog.get_logger()

FOR_STRANGERS = (("start", "Connect this chat to your Wingman"),)
EVERYBODY = ""
SUMMARY, COMMANDS = 256, 100
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")

DONE, FAILED = "👍", "👎"


class Courtesy:
    def __init__(
        self,
        api: Api,
        chat: Chat,
        sending: Sending,
        places: Places,
        memory: Memory,
        allowed: Collection[str],
        commands: Sequence[tuple[str, str]],
    ) -> None:
        self._api = api
        self._chat = chat
        self._sending = sending
        self._places = places
        self._memory = memory
        self._allowed = allowed
        short = [(name, cut(sendable(summary), SUMMARY)) for name, summary in commands]
        self._commands = [one for one in short if _COMMAND.fullmatch(one[0]) and one[1]][:COMMANDS]
        self._listed: set[str] = set()
        self._met: set[str] = set(allowed)
        """Who may act, as far as they have shown up: people who were paired are on no list."""

    async def greet(self, me: Me) -> None:
        """Strangers see what there is for them; whoever may act sees all commands."""
        log.info("telegram.connected", bot=me.username)
        for user in (EVERYBODY, *self._allowed):
            await self._list_commands(user)

    async def receipt(self, inbound: Inbound, reply: Notice | None) -> None:
        self._met.add(inbound.user)
        failed = reply is not None and reply.kind is NoticeKind.TROUBLE
        try:
            if inbound.tapped and inbound.receipt:
                await self._chat.toast(inbound.receipt, _toast(inbound, reply), alert=failed)
            elif inbound.receipt.isdigit():
                chat = await self._places.chat(inbound.address)
                mark = FAILED if failed else DONE
                await self._chat.react(chat, int(inbound.receipt), mark)
        except WingmanError as error:
            log.info("telegram.no_receipt", reason=str(error))
        if inbound.address == inbound.user:
            # People who were paired, or had not opened the chat when the program began.
            await self._list_commands(inbound.user)

    async def edited(self, message: Ignored) -> None:
        """Said once to each person: what was sent first may have been acted on already."""
        key = f"told:edits:{message.user}"
        if message.user not in self._met or await self._memory.get(key):
            return
        text = "Changes to a message are not read, and change nothing: send it anew."
        try:
            await self._sending.say(message.address, text)
        except WingmanError as error:
            log.info("telegram.not_told", reason=str(error))
            return
        await self._memory.put(key, "yes")

    async def _list_commands(self, user: str) -> None:
        if user in self._listed:
            return
        commands = self._commands if user else FOR_STRANGERS
        try:
            if commands:
                await self._api.set_commands(int(user) if user else None, commands)
        except WingmanError as error:
            log.info("telegram.no_commands", user=user, reason=str(error))
            return
        self._listed.add(user)


def _toast(inbound: Inbound, reply: Notice | None) -> str:
    """All of the reply when no message follows, else its title."""
    if reply is None:
        return ""
    text = toast_of(reply) if says_enough(inbound, reply) else reply.title
    return cut(sendable(text), TOAST)
