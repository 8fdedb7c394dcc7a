"""From words to a command and its reply. What is not understood changes nothing."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from bot.core.cards import reason_question
from bot.core.decisions import Principal
from bot.core.errors import Refused, WingmanError
from bot.core.grammar import nearest, split_command
from bot.core.ids import EventId
from bot.core.notices import Button, Notice, NoticeKind, Part
from bot.services.commands import (
    LATER,
    NOWHERE,
    AskBack,
    Command,
    Context,
    Gateway,
    Occasion,
)
from bot.services.lateness import refuse_old
from bot.services.meaning import Meaning

log = structlog.get_logger()

_LOOKS_ONLY = (
    "decisions are switched off in this chat, so nothing was done: write to me directly, "
    "or set WINGMAN_TELEGRAM__GROUP_APPROVALS=true"
)


class Dispatch:
    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._by_name = {
            name: command
            for command in gateway.commands
            for name in (command.name, *command.aliases)
        }
        self._meaning = Meaning(gateway, self._by_name)

    @property
    def commands(self) -> Sequence[Command]:
        return self._gateway.commands

    async def handle(
        self,
        text: str,
        principal: Principal,
        event: EventId,
        occasion: Occasion = NOWHERE,
    ) -> Notice:
        """The reply to one message. A person's mistake is a reply, never an exception."""
        try:
            return await self._handle(text.strip(), principal, event, occasion)
        except AskBack as asked:
            return asked.question
        except WingmanError as error:
            return Notice(NoticeKind.TROUBLE, f"✗ {_sentence(str(error))}")

    async def _handle(
        self, text: str, principal: Principal, event: EventId, occasion: Occasion
    ) -> Notice:
        if occasion.looks_only and occasion.files:
            raise Refused(_LOOKS_ONLY)
        meant = await self._meaning.of(text, occasion)
        if meant is None:
            return await self._ask_about(text, occasion, principal)
        text = self._meaning.phrase(meant)
        words = split_command(text)
        command = self._by_name.get(words.command) if words else None
        if words is None or command is None:
            return self._unknown(text, words.command if words else text)
        if occasion.looks_only and not command.looks:
            raise Refused(_LOOKS_ONLY)
        if not command.looks:
            refuse_old(occasion.sent_at, self._gateway.clock.now())
        log.info("command.run", command=command.name, by=principal.id)
        context = Context(principal, event, words.command, words.rest, self._gateway, occasion)
        return await command.run(context)

    async def _ask_about(self, text: str, occasion: Occasion, principal: Principal) -> Notice:
        if occasion.looks_only or occasion.card is None:
            raise Refused(_LOOKS_ONLY)
        await self._gateway.approvals.keep_words(occasion.card, principal, text)
        return reason_question(occasion.card, text)

    def _unknown(self, text: str, word: str) -> Notice:
        if word in LATER:
            title = f"“{word}” is not in this version. Nothing was done."
            return Notice(NoticeKind.TROUBLE, title, (Part(f"Instead: {LATER[word]}."),))
        close = nearest(word, self._by_name)
        line = " ".join(text.split())
        shown = line if len(line) <= 80 else line[:79] + "…"
        hint = f"Did you mean: {', '.join(close)}?" if close else "help shows what I understand."
        return Notice(
            NoticeKind.TROUBLE,
            f"I don't know “{shown}”. Nothing was done." if shown else "There were no words.",
            (Part(hint),),
            tuple(Button(name, f"help {name}") for name in close) or (Button("help", "help"),),
        )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] if text else "it did not work"
