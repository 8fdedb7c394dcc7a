import io
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput
from rich.console import Console

from bot.commands.client import Client, NotDone
from bot.commands.phone import Phone, Words, phone
from bot.core.cards import prompt_card
from bot.core.notices import Notice, NoticeKind, Part
from bot.ports.chatlog import ChatMessage
from bot.web.documents import MessageDoc
from tests.commands.conftest import Beside
from tests.support.surface import NOON, make_prompt, make_session


class Paper(io.StringIO):
    """What was printed, and a way to wait for it."""

    def __init__(self) -> None:
        super().__init__()
        self._written = threading.Condition()

    def write(self, text: str) -> int:
        with self._written:
            self._written.notify_all()
            return super().write(text)

    def wait_for(self, text: str) -> None:
        with self._written:
            assert self._written.wait_for(lambda: text in self.getvalue(), 10), self.getvalue()


@pytest.fixture
def keys() -> Iterator[PipeInput]:
    with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):
        yield pipe


@pytest.fixture
def paper() -> Paper:
    return Paper()


@pytest.fixture
def terminal(beside: Beside, socket: Path, paper: Paper) -> Iterator[Phone]:
    with Client(socket) as client:
        yield Phone(client, Console(file=paper, width=80, color_system=None, highlight=False))
        beside.stop()


def send_card(beside: Beside) -> None:
    session = make_session("one")
    card = prompt_card(make_prompt("k3f9", session))

    async def send() -> None:
        beside.gateway.surface.wait(session, "k3f9")
        await beside.gateway.phone.send("local", card)

    done = threading.Event()
    beside.loop.call_soon_threadsafe(
        lambda: beside.loop.create_task(send()).add_done_callback(lambda _: done.set())
    )
    assert done.wait(10)


def test_without_a_gateway_it_says_so(socket: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert phone(socket) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "wingman run" in said


def test_a_card_is_printed_and_answered(
    beside: Beside, terminal: Phone, paper: Paper, keys: PipeInput
) -> None:
    send_card(beside)
    listener = threading.Thread(target=terminal.listen, daemon=True)
    listener.start()
    paper.wait_for("• approve k3f9")
    keys.send_text("> k3f9 use yarn\rping\r\x04")
    terminal.run()
    paper.wait_for("» ping")
    first, second = beside.gateway.inbox.accepted
    assert (first.text, first.reply_to, first.name) == ("use yarn", "1", "terminal")
    assert (second.text, second.reply_to) == ("ping", "")


def test_what_is_kept_up_to_date_is_printed_once(terminal: Phone, paper: Paper) -> None:
    listed = Notice(NoticeKind.REPLY, "2 sessions", (Part("1. shop"),), live=True)
    for revision, notice in enumerate((listed, listed, replace(listed, live=False)), 1):
        message = ChatMessage(1, revision, NOON, mine=False, text="", notice=notice)
        terminal.show(MessageDoc.of(message).model_dump(mode="json"))
    assert paper.getvalue().count("2 sessions") == 2
    assert paper.getvalue().count("1. shop") == 1


def test_a_code_alone_waits_for_the_words(beside: Beside, terminal: Phone, paper: Paper) -> None:
    send_card(beside)
    threading.Thread(target=terminal.listen, daemon=True).start()
    paper.wait_for("k3f9")
    terminal.say("> k3f9")
    terminal.say("too risky")
    assert beside.gateway.inbox.accepted[0].reply_to == "1"
    with pytest.raises(NotDone, match="no card 'zzzz'"):
        terminal.say("> zzzz words")


def test_a_gateway_that_goes_is_said(beside: Beside, terminal: Phone, paper: Paper) -> None:
    send_card(beside)
    threading.Thread(target=terminal.listen, daemon=True).start()
    paper.wait_for("k3f9")  # a gateway in this process leaves a connection open that it just got
    beside.stop()
    paper.wait_for("reconnecting…")


def test_completion(beside: Beside, terminal: Phone, paper: Paper) -> None:
    send_card(beside)
    threading.Thread(target=terminal.listen, daemon=True).start()
    paper.wait_for("k3f9")

    def after(text: str) -> set[str]:
        found = Words(terminal).get_completions(Document(text), CompleteEvent())
        return {completion.text.strip() for completion in found}

    assert after("appr") == {"approve"}
    assert after("/appr") == {"approve"}
    assert after("approve k") == {"k3f9"}
    assert after("> ") == {"k3f9"}
    assert after("tell one some wor") == set()
    assert after("") == set()
