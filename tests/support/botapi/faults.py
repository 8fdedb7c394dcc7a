"""What can go wrong between the bot and Telegram, to be switched on by a test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tests.support.botapi.errors import Refusal, canned, conflict
from tests.support.provider.faults import ProviderFaults


@dataclass(frozen=True)
class Odd:
    """The call has its effect, and is answered with something that no client has a type for."""

    result: object


@dataclass
class Faults(ProviderFaults[Refusal | Odd]):
    SENDS: ClassVar[str] = "sendMessage"

    def fail(
        self,
        method: str,
        code: int,
        description: str = "",
        *,
        retry_after: int | None = None,
        times: int = 1,
        chat: int | None = None,
    ) -> None:
        """``description`` is the whole text, such as "Bad Request: chat not found"."""
        self.add(method, canned(code, description, retry_after), times, chat)

    def conflicts(self, times: int) -> None:
        self.add("getUpdates", conflict(), times)

    def odd_answer(self, method: str, result: object, times: int = 1) -> None:
        self.add(method, Odd(result), times)
