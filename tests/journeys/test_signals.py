"""A signal in every way that a screen can show it, on a real tmux: told exactly once, or never."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bot.core.attention.rules import Rules
from tests.support.home import Home
from tests.support.waiting import spend, until

pytestmark = [pytest.mark.tmux, pytest.mark.timeout(120)]

NEVER = ("typed", "typed and wrapped", "in a file", "in the middle", "before anybody looked")
BUILT = r"printf ':::DONE:built:::\n'"
ENOUGH = 1.0
"""Seconds after which what could be told has been."""


class Shell:
    """One pane with a plain shell, as somebody at the machine uses it."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.expected: Counter[str] = Counter()

    async def begins(self) -> None:
        line = "PS1='$ ' exec sh"
        self.home.crew.tmux("new-session", "-d", "-s", "shop", "-x", "60", "-y", "20", line)
        await self.shows("$")

        async def known() -> bool:
            return await self.home.gateway.get("/api/sessions/shop") is not None

        await until(known, within=20)
        await spend(ENOUGH)

    def types(self, line: str) -> None:
        self.home.crew.tmux("send-keys", "-t", "shop", "-l", line)
        self.home.crew.tmux("send-keys", "-t", "shop", "Enter")

    async def runs(self, line: str) -> None:
        """Until the shell asks for the next one: typed ahead, lines stand where no shell puts
        them, above what they print."""
        before = self.prompts()
        self.types(line)
        await until(lambda: self.prompts() > before and self.screen().rstrip().endswith("\n$"))

    def prompts(self) -> int:
        return sum(row.startswith("$") for row in self.screen().splitlines())

    async def tells(self, line: str, words: str) -> None:
        """The line is typed, and once more than before one is told of these words."""
        self.types(line)
        await self.hears(words)

    async def hears(self, words: str) -> None:
        self.expected[words] += 1
        await until(lambda: self.told()[words] >= self.expected[words], within=15)
        assert self.told() == self.expected

    def told(self) -> Counter[str]:
        """What follows the first colon, in the first message about a session."""
        titles = [message.text.splitlines()[0] for message in self.home.ann.chat.from_bot]
        marked = [title for title in titles if title.startswith(("✅", "❓", "❌", "🚫"))]
        return Counter(title.partition(": ")[2] for title in marked)

    async def rests(self) -> None:
        await spend(ENOUGH)
        assert self.told() == self.expected

    async def shows(self, words: str) -> None:
        await until(lambda: words in self.screen(), within=10)

    async def cleared(self) -> None:
        self.types("clear")
        await until(lambda: self.screen().strip() == "$", within=10)
        await spend(0.3)

    def screen(self) -> str:
        return self.home.crew.tmux("capture-pane", "-p", "-t", "shop")

    def resize(self, *size: str) -> None:
        self.home.crew.tmux("resize-window", "-t", "shop", *size)


async def test_once_or_never(home: Home, tmp_path: Path) -> None:
    shop, shown = Shell(home), tmp_path / "shown.md"
    shown.write_text(":::DONE:in a file:::\n")
    await shop.begins()
    await shop.runs("true ':::DONE:typed:::'")
    await shop.runs(f"true {'x' * 51} :::DONE:typed and wrapped:::")
    await shop.runs(f"cat {shown}")
    await shop.runs("echo 'all of it :::DONE:in the middle::: as asked'")
    await shop.tells(r"printf ':::DO'; sleep 0.3; printf 'NE:split in two:::\n'", "split in two")
    await shop.tells(
        r"printf ':::HELP:see http://h.test:80/a: which?:::\n'",
        "see http://h.test:80/a: which?",
    )
    long = f"{'long words ' * 12}end"
    await shop.tells(f"printf ':::ERROR:%s:::\\n' '{long}'", long)
    await shop.rests()

    # drawn again by a program, scrolled by and back, resized
    await shop.tells(rf"{BUILT}; sleep 0.5; printf '\033[H\033[2J:::DONE:built:::\n'", "built")
    shop.types("seq 12")
    for size in (("-y", "5"), ("-y", "20"), ("-x", "30"), ("-x", "60"), ("-y", "12")):
        shop.resize(*size)
        await spend(0.3)
    await shop.rests()

    # printed again: below itself, after a clear
    await shop.tells(BUILT, "built")
    await shop.tells(BUILT, "built")
    await shop.cleared()
    await shop.tells(BUILT, "built")

    # a program that breaks off
    await shop.rests()  # what is just being sent then is sent again
    home.gateway.kill()
    home.crew.tmux(
        "new-session", "-d", "-s", "old", "echo ':::DONE:before anybody looked:::'; cat"
    )
    shop.types(r"printf ':::BLOCKED:%s:::\n' 'while nobody looked'")
    await shop.shows(":::BLOCKED:while")
    await home.gateway.up()
    await shop.hears("while nobody looked")
    await shop.cleared()
    await shop.tells(BUILT, "built")
    await shop.rests()
    assert not set(NEVER) & set(shop.told())
    assert shop.told().total() < Rules().session_budget, "more of them come as a list"
