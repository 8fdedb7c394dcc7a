"""From words to a command and its reply. What is not understood changes nothing."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from bot.core.cards import reason_question
from bot.core.decisions import Principal
from bot.core.errors import WingmanError
from bot.core.grammar import nearest, numbers, split_command
from bot.core.ids import EventId
from bot.core.notices import Button, Notice, NoticeKind, Part
from bot.core.prompts import Kind, Role
from bot.core.records import PromptRecord
from bot.services.commands import Command, Context, Gateway

log = structlog.get_logger()

_YES = frozenset({"yes", "y", "ok", "approve", "allow"})
_NO = frozenset({"no", "n", "deny", "reject"})


class Dispatch:
    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._by_name = {
            name: command
            for command in gateway.commands
            for name in (command.name, *command.aliases)
        }

    @property
    def commands(self) -> Sequence[Command]:
        return self._gateway.commands

    async def handle(
        self, text: str, principal: Principal, event: EventId, card: PromptRecord | None = None
    ) -> Notice:
        """The reply to one message. A person's mistake is a reply, never an exception."""
        try:
            return await self._handle(text, principal, event, card)
        except WingmanError as error:
            return Notice(NoticeKind.TROUBLE, f"✗ {_sentence(str(error))}")

    async def _handle(
        self, text: str, principal: Principal, event: EventId, card: PromptRecord | None
    ) -> Notice:
        text = text.strip()
        if card is not None:
            meant = self._to_card(text, card)
            if meant is None:
                return await self._ask_about(text, card, principal)
            text = meant
        text = self._phrase(text)
        words = split_command(text)
        command = self._by_name.get(words.command) if words else None
        if words is None or command is None:
            return self._unknown(text, words.command if words else text)
        log.info("command.run", command=command.name, by=principal.id)
        context = Context(principal, event, words.command, words.rest, self._gateway, card)
        return await command.run(context)

    def _to_card(self, text: str, card: PromptRecord) -> str | None:
        """A reply to a card as a full command; None when it has to be asked back."""
        words = split_command(text)
        first = words.command if words else ""
        rest = words.rest if words else ""
        if first in _YES and not rest:
            return f"approve {card.code}"
        if first == "always":
            return f"always {card.code} {rest}"
        if first in _NO:
            return f"deny {card.code} {rest}"
        named = words is not None and first in self._by_name
        if named and text.lstrip().startswith("/"):
            return text
        if card.prompt.kind in (Kind.QUESTION, Kind.PLAN):
            if numbers(text) is not None:
                return f"choose {card.code} {text}"
            if card.prompt.with_role(Role.OTHER) or card.prompt.with_role(Role.FEEDBACK):
                return f"answer {card.code} {text}"
        return text if named else None

    async def _ask_about(self, text: str, card: PromptRecord, principal: Principal) -> Notice:
        await self._gateway.approvals.keep_words(card, principal, text)
        return reason_question(card, text)

    def _phrase(self, text: str) -> str:
        for command in self._gateway.commands:
            for phrase in command.phrases:
                found = phrase.pattern.fullmatch(text)
                if found:
                    return phrase.template.format(**found.groupdict(default=""))
        return text

    def _unknown(self, text: str, word: str) -> Notice:
        close = nearest(word, self._by_name)
        shown = text if len(text) <= 80 else text[:79] + "…"
        hint = f"Did you mean: {', '.join(close)}?" if close else "help shows what I understand."
        return Notice(
            NoticeKind.TROUBLE,
            f"I don't know “{shown}”. Nothing was done.",
            (Part(hint),),
            tuple(Button(name, f"help {name}") for name in close) or (Button("help", "help"),),
        )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] if text else "it did not work"
