"""A chat log in memory."""

from dataclasses import replace
from datetime import datetime

from bot.core.notices import Notice
from bot.ports.chatlog import ChatMessage
from bot.ports.clock import Clock


class FakeChatLog:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.messages: dict[int, ChatMessage] = {}
        self._revision = 0

    async def append(
        self, text: str, notice: Notice | None, *, mine: bool, reply_to: int | None = None
    ) -> ChatMessage:
        self._revision += 1
        number = max(self.messages, default=0) + 1
        message = ChatMessage(
            number, self._revision, self._clock.now(), mine, text, notice, reply_to
        )
        self.messages[number] = message
        return message

    async def replace(self, message: int, notice: Notice) -> ChatMessage | None:
        if message not in self.messages:
            return None
        self._revision += 1
        changed = replace(self.messages[message], revision=self._revision, notice=notice)
        self.messages[message] = changed
        return changed

    async def get(self, message: int) -> ChatMessage | None:
        return self.messages.get(message)

    async def since(self, revision: int, limit: int = 200) -> tuple[ChatMessage, ...]:
        found = (m for m in self.messages.values() if m.revision > revision)
        return tuple(sorted(found, key=lambda m: m.revision)[-limit:])

    async def prune(self, before: datetime) -> int:
        old = [number for number, message in self.messages.items() if message.at < before]
        for number in old:
            del self.messages[number]
        return len(old)
