"""``wingman phone``: the local phone in a terminal."""

from __future__ import annotations

import json
import sys
import threading
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.patch_stdout import patch_stdout
from rich.console import Console
from rich.text import Text

from bot.commands.client import Client, NoGateway, NotDone
from bot.commands.show import harmless, notice
from bot.core.errors import WingmanError

RETRY = 2.0
HISTORY = 20
"""Messages shown at the start."""


def phone(socket: Path) -> int:
    """Until Ctrl-D. Returns the exit code."""
    with Client(socket) as client:
        try:
            client.get("/healthz")
        except WingmanError as error:
            print(error, file=sys.stderr)  # noqa: T201 - the command's one line
            return 1
        with patch_stdout(raw=True):
            Phone(client, Console(highlight=False)).run()
    return 0


class Phone:
    def __init__(self, client: Client, console: Console) -> None:
        self.client = client
        self._console = console
        self._cards: dict[str, int] = {}
        """Prompt code to the message that asks for it."""
        self._shown: set[int] = set()
        self._revision = 0
        self._reply_to = ""
        self._over = threading.Event()

    def run(self) -> None:
        listener = threading.Thread(target=self.listen, daemon=True)
        listener.start()
        typed: PromptSession[str] = PromptSession(
            completer=Words(self), complete_while_typing=True, erase_when_done=True
        )
        try:
            while self._turn(typed):
                pass
        finally:
            self._over.set()

    def _turn(self, typed: PromptSession[str]) -> bool:
        try:
            text = typed.prompt(self._prompt_line)
        except KeyboardInterrupt:
            self._reply_to = ""
            return True
        except EOFError:
            return False
        try:
            self.say(text.strip())
        except WingmanError as error:
            self._console.print(Text(f"not sent: {error}", "red"))
        return True

    def _prompt_line(self) -> FormattedText:
        target = f"{self._reply_to} " if self._reply_to else ""
        return FormattedText([("ansiyellow", target), ("ansicyan bold", "» ")])

    def say(self, text: str) -> None:
        """Sends a line; ``> CODE [words]`` answers that card with these or the next words."""
        code, self._reply_to = self._reply_to, ""
        if text.startswith(">"):
            code, _, text = text[1:].strip().partition(" ")
            if code not in self._cards:
                raise NotDone(f"there is no card {code!r}", {})
        if not text:
            self._reply_to = code
            return
        body: dict[str, Any] = {"text": text, "event": uuid.uuid4().hex}
        if code:
            body["reply_to"] = self._cards[code]
        self.client.post("/api/chat", body)

    def listen(self) -> None:
        """Prints what comes, and comes back when the gateway does."""
        while not self._over.is_set():
            try:
                self._follow()
            except NoGateway:
                self._lost()
            except NotDone as error:
                self._console.print(Text(str(error), "red"))
            self._over.wait(RETRY)

    def _lost(self) -> None:
        if not self._over.is_set():
            self._console.print(Text("reconnecting…", "yellow"))

    def _follow(self) -> None:
        history: list[dict[str, Any]] | None = [] if not self._shown else None
        for event in self.client.stream(f"/api/chat/events?after={self._revision}"):
            if event.name == "synced":
                for message in (history or [])[-HISTORY:]:
                    self.show(message)
                history = None
            elif event.name == "message":
                message = json.loads(event.data)
                self._note(message)
                if history is None:
                    self.show(message)
                else:
                    history.append(message)

    def _note(self, message: dict[str, Any]) -> None:
        self._revision = max(self._revision, message["revision"])
        document = message["notice"]
        if document and document["code"] and document["buttons"]:
            self._cards[document["code"]] = message["id"]

    def show(self, message: dict[str, Any]) -> None:
        """A card that changed is not printed in full again: its title says how it ended."""
        changed = message["id"] in self._shown
        self._shown.add(message["id"])
        if message["mine"]:
            self._console.print(Text(f"» {harmless(message['text'])}", "cyan"))
        elif not (changed and message["notice"].get("live")):
            self._console.print(notice(message["notice"], brief=changed))

    def words(self) -> list[str]:
        try:
            words: list[str] = self.client.get("/api/completions")
        except WingmanError:
            return []
        return words

    def codes(self) -> list[str]:
        return list(self._cards)


class Words(Completer):
    """Commands, session names and codes; after ``>`` the codes of cards."""

    def __init__(self, phone: Phone) -> None:
        self._phone = phone

    def get_completions(self, document: Document, event: CompleteEvent) -> Iterable[Completion]:
        before = document.text_before_cursor.lstrip()
        word = document.get_word_before_cursor(WORD=True)
        if before.startswith(">"):
            known = self._phone.codes()
        elif len(before.split()) + before.endswith(" ") <= 2 and (word or before):
            known = self._phone.words()
        else:
            known = []
        for candidate in known:
            if candidate.startswith(word.lstrip("/>")) and candidate != word:
                yield Completion(f"{candidate} ", start_position=-len(word.lstrip("/>")))
