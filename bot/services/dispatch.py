"""From words to a command and its reply. What is not understood changes nothing."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from bot.core.cards import reason_question
from bot.core.decisions import Principal
from bot.core.errors import WingmanError
from bot.core.grammar import Words, first_word, nearest, numbers, split_command
from bot.core.ids import EventId
from bot.core.notices import Button, Notice, NoticeKind, Part
from bot.core.prompts import ANSWERABLE, Kind, Role
from bot.core.records import PromptRecord
from bot.services.commands import LATER, AskBack, Command, Context, Gateway
from bot.services.deciding import prompt_coded

log = structlog.get_logger()

_DECIDING = {
    **dict.fromkeys(("approve", "allow", "yes", "y", "ok"), "approve"),
    "always": "always",
    **dict.fromkeys(("deny", "reject", "no", "n"), "deny"),
    "choose": "choose",
    "answer": "answer",
}
"""What may be said to a card without its code, and the command that it means."""


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
            return await self._handle(text.strip(), principal, event, card)
        except AskBack as asked:
            return asked.question
        except WingmanError as error:
            return Notice(NoticeKind.TROUBLE, f"✗ {_sentence(str(error))}")

    async def _handle(
        self, text: str, principal: Principal, event: EventId, card: PromptRecord | None
    ) -> Notice:
        if card is not None:
            meant = await self._to_card(text, card)
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

    async def _to_card(self, text: str, card: PromptRecord) -> str | None:
        """A reply to a card as a full command; None when it has to be asked back."""
        words = split_command(text) or split_command(text.rstrip(".!")) or Words("", "")
        verb = _DECIDING.get(words.command)
        if verb is not None:
            return await self._decision(verb, words.rest, card)
        is_command = words.command in self._by_name or words.command in LATER
        if card.prompt.kind not in ANSWERABLE or (is_command and text.startswith("/")):
            return text
        if card.prompt.kind in (Kind.QUESTION, Kind.PLAN):
            if numbers(text) is not None:
                return f"choose {card.code} {text}"
            if card.prompt.with_role(Role.OTHER) or card.prompt.with_role(Role.FEEDBACK):
                return f"answer {card.code} {text}"
        return text if is_command or self._phrase(text) != text else None

    async def _decision(self, verb: str, rest: str, card: PromptRecord) -> str | None:
        """A button brings its code along, and a person may write the name: neither is a reason."""
        target, after = first_word(rest)
        if target.lower() in (card.code, card.session.lower()):
            return f"{verb} {card.code} {after}".rstrip()
        other = self._gateway.roster.called(target) or await prompt_coded(self._gateway, target)
        if other is not None:
            return f"{verb} {rest}"
        # "yes, but only the first" is no yes.
        return None if verb == "approve" and rest else f"{verb} {card.code} {rest}".rstrip()

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
