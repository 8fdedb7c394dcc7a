"""What can go wrong between the gateway and Twilio, to be switched on by a test.

A request goes by the name its method has in Twilio's library, such as ``messages.create``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tests.support.provider.faults import ProviderFaults
from tests.support.twilioapi.errors import Refusal, too_many


@dataclass
class Faults(ProviderFaults[Refusal]):
    SENDS: ClassVar[str] = "messages.create"

    def fail(
        self, name: str, status: int, code: int = 0, message: str = "", *, times: int = 1
    ) -> None:
        self.add(name, Refusal(status, code, message), times)

    def too_many(self, name: str = "", *, after: int | None = None, times: int = 1) -> None:
        """``after``: seconds that the answer asks for; Twilio often does not say."""
        self.add(name or self.SENDS, too_many(after), times)
