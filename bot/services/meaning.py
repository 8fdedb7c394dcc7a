"""What words mean where they were said: a reply to a card, in a session's own thread, with files.

What has no place of its own is left as it is."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.approvals import PromptState
from bot.core.cards import SAME_WORDS
from bot.core.errors import Refused
from bot.core.grammar import Words, first_word, numbers, split_command
from bot.core.lifecycle import Phase
from bot.core.notices import Button, Notice, NoticeKind, Part
from bot.core.prompts import ANSWERABLE, Kind, Role
from bot.core.records import PromptRecord
from bot.services.commands import LATER, AskBack, Command, Gateway, Occasion
from bot.services.deciding import BUTTON_BYTES, prompt_coded

_DECIDING = {
    **dict.fromkeys(("approve", "allow", "yes", "y", "ok"), "approve"),
    "always": "always",
    **dict.fromkeys(("deny", "reject", "no", "n"), "deny"),
    "choose": "choose",
    "answer": "answer",
}
"""What may be said to a card without its code, and the command that it means."""

_TALK = frozenset({"yes", "y", "ok", "no", "n"})
"""Decisions only where something is asked: in any other place they are words like others."""


class Meaning:
    def __init__(self, gateway: Gateway, by_name: Mapping[str, Command]) -> None:
        self._gateway = gateway
        self._by_name = by_name

    async def of(self, text: str, occasion: Occasion) -> str | None:
        """A full command, or the text as it is; None when it has to be asked back whether it is
        a reason. Raises AskBack when a file may be for any session."""
        if occasion.tapped:
            return text
        if occasion.files:
            return self._with_files(text, occasion)
        card = occasion.card
        if card is not None and card.state is PromptState.OPEN:
            return await self._to_card(text, card)
        if not occasion.session:
            return text
        if text.startswith("/") or not text:
            return text
        if card is not None:
            return await self._to_settled(text, card)
        return await self._to_session(text, occasion)

    def phrase(self, text: str) -> str:
        """A plain sentence as the command that it means."""
        for command in self._gateway.commands:
            for phrase in command.phrases:
                found = phrase.pattern.fullmatch(text)
                if found:
                    return phrase.template.format(**found.groupdict(default=""))
        return text

    async def _to_card(self, text: str, card: PromptRecord) -> str | None:
        words = _words(text)
        verb = _DECIDING.get(words.command)
        if verb is not None:
            return await self._decision(verb, words.rest, card)
        if card.prompt.kind not in ANSWERABLE or (text.startswith("/") and self._known(words)):
            return text
        if card.prompt.kind in (Kind.QUESTION, Kind.PLAN):
            if numbers(text) is not None:
                return f"choose {card.code} {text}"
            if card.prompt.with_role(Role.OTHER) or card.prompt.with_role(Role.FEEDBACK):
                return f"answer {card.code} {text}"
        return text if self._is_command(text, words) else None

    async def _decision(self, verb: str, rest: str, card: PromptRecord) -> str | None:
        """A button brings its code along, and a person may write the name: neither is a reason."""
        target, after = first_word(rest)
        if target.lower() in (card.code, card.session.lower()):
            return f"{verb} {card.code} {after}".rstrip()
        if await self._names_another(target):
            return f"{verb} {rest}"
        # "yes, but only the first" is no yes.
        return None if verb == "approve" and rest else f"{verb} {card.code} {rest}".rstrip()

    async def _to_settled(self, text: str, card: PromptRecord) -> str:
        """A decision comes too late, and is told so; anything else is for the agent."""
        words = _words(text)
        verb = _DECIDING.get(words.command)
        decision = await self._decision(verb, words.rest, card) if verb is not None else None
        if decision is not None:
            return decision
        if numbers(text) is not None and card.prompt.kind in (Kind.QUESTION, Kind.PLAN):
            return f"choose {card.code} {text}"
        if verb is None and self._is_command(text, words):
            return text
        return f"tell {card.session} {text}"

    async def _to_session(self, text: str, occasion: Occasion) -> str:
        """Commands get the session where they name none; all other words are for the agent."""
        words, session = _words(text), occasion.session
        verb = _DECIDING.get(words.command)
        if verb is None:
            return text if self._is_command(text, words) else f"tell {session} {text}"
        if words.command in _TALK and (occasion.replied or not await self._asks(session)):
            return f"tell {session} {text}"
        target, _ = first_word(words.rest)
        if await self._names_another(target):
            return f"{verb} {words.rest}"
        return f"{verb} {session} {words.rest}".rstrip()

    def _with_files(self, text: str, occasion: Occasion) -> str:
        """A caption may name the session, as ``tell`` does; else the place does."""
        phrased = self.phrase(text)
        words = split_command(phrased)
        command = self._by_name.get(words.command) if words else None
        if command is not None and command.takes_files:
            return phrased
        if occasion.session:
            return f"tell {occasion.session} {text}"
        raise AskBack(self._which_session(occasion))

    def _which_session(self, occasion: Occasion) -> Notice:
        live = [s for s in self._gateway.roster.live() if s.watched and s.phase is not Phase.SHELL]
        if not live:
            raise Refused("no agent is there to give that file to. Nothing was sent")
        commands = [(s.name, f"tell {s.name} {SAME_WORDS}{occasion.event}") for s in live]
        names = ", ".join(file.name for file in occasion.files)
        return Notice(
            NoticeKind.TROUBLE,
            "Which session is that file for? Nothing was sent.",
            (Part(names),),
            tuple(
                Button(name, command)
                for name, command in commands
                if len(command.encode()) <= BUTTON_BYTES
            ),
            footer="Send it again with the caption: tell NAME …",
        )

    async def _asks(self, session: str) -> bool:
        live = await self._gateway.approvals.live(session)
        return any(record.state is PromptState.OPEN for record in live)

    async def _names_another(self, target: str) -> bool:
        if self._gateway.roster.called(target) is not None:
            return True
        return await prompt_coded(self._gateway, target) is not None

    def _known(self, words: Words) -> bool:
        return words.command in self._by_name or words.command in LATER

    def _is_command(self, text: str, words: Words) -> bool:
        return self._known(words) or self.phrase(text) != text


def _words(text: str) -> Words:
    return split_command(text) or split_command(text.rstrip(".!")) or Words("", "")
