"""What a person looks for on a phone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from tests.support.waiting import until

M = TypeVar("M")


class Shown(Generic[M]):
    def shown(self) -> Sequence[tuple[M, str]]:
        """What came from the bot, with the words that stand there now, the first first."""
        raise NotImplementedError

    def find(self, text: str) -> M | None:
        """The newest message of the bot in which the words stand now."""
        return next((one for one, words in reversed(self.shown()) if text in words), None)

    async def shows(self, text: str, within: float = 30.0) -> M:
        """Waits until the words stand in a message of the bot."""
        return await self.until(lambda: self.find(text), f"{text!r}", within)

    async def until(
        self, look: Callable[[], M | None], what: str = "it", within: float = 30.0
    ) -> M:
        try:
            found = await until(look, within)
        except AssertionError:
            texts = [words for _, words in self.shown()]
            raise AssertionError(f"{what} not seen within {within} s; there is {texts}") from None
        assert found is not None
        return found
