"""The running gateway, reached through its Unix socket."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import httpx

from bot.commands.program import program
from bot.core.errors import WingmanError

ANSWER_TIMEOUT = 60.0
"""Starting an agent takes its time."""
STREAM_SILENCE = 40.0
"""The gateway says something at least every 15 s."""


class NoGateway(WingmanError):
    """Nothing listens on the socket."""


class NotDone(WingmanError):
    """The gateway said no. ``problem`` is its whole answer."""

    def __init__(self, reason: str, problem: Mapping[str, Any]) -> None:
        super().__init__(reason)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Event:
    name: str
    data: str
    id: str = ""


class Client:
    """Blocking; one per command. Whoever can open the socket is the gateway's owner."""

    def __init__(self, path: Path) -> None:
        self._socket = path
        self._http = httpx.Client(
            transport=httpx.HTTPTransport(uds=str(path)),
            base_url="http://wingman",
            timeout=httpx.Timeout(ANSWER_TIMEOUT, connect=5.0),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def command(self, text: str) -> dict[str, Any]:
        """``{"ok": bool, "notice": {…}}`` of a chat command. Raises NoGateway or NotDone."""
        answer: dict[str, Any] = self.post("/api/command", {"text": text})
        return answer

    def link(self) -> str:
        """A one-time login link for a browser."""
        return str(self.post("/api/link", {})["url"])

    def get(self, path: str) -> Any:
        return self._ask("GET", path, None)

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        return self._ask("POST", path, body)

    def delete(self, path: str) -> Any:
        return self._ask("DELETE", path, None)

    def text(self, path: str) -> str:
        return self._send("GET", path, None).text

    def stream(self, path: str) -> Iterator[Event]:
        """Events until the gateway ends. Raises NoGateway when it is not there or goes away."""
        quiet = httpx.Timeout(STREAM_SILENCE, connect=5.0)
        self._reach()
        try:
            with self._http.stream("GET", path, timeout=quiet) as answer:
                if answer.is_error:
                    answer.read()
                _check(answer)
                yield from _events(answer.iter_lines())
        except httpx.TransportError as error:
            raise self._missing() from error

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None) -> Any:
        return self._send(method, path, body).json()

    def _send(self, method: str, path: str, body: Mapping[str, Any] | None) -> httpx.Response:
        self._reach()
        try:
            answer = self._http.request(method, path, json=body)
        except httpx.TransportError as error:
            raise self._missing() from error
        _check(answer)
        return answer

    def _reach(self) -> None:
        """Asked first, because httpcore forgets to close a Unix socket it could not connect."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            try:
                probe.connect(str(self._socket))
            except OSError as error:
                raise self._missing() from error

    def _missing(self) -> NoGateway:
        return NoGateway(f"No gateway answers on {self._socket}: start one with `{program()} run`")


def _check(answer: httpx.Response) -> None:
    if not answer.is_error:
        return
    problem: dict[str, Any] = {}
    if "json" in answer.headers.get("content-type", ""):
        problem = answer.json()
    reason = problem.get("detail") or problem.get("title") or f"HTTP {answer.status_code}"
    raise NotDone(str(reason), problem)


def _events(lines: Iterator[str]) -> Iterator[Event]:
    fields: dict[str, str] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
            continue
        if "data" in fields:
            yield Event(fields.get("event", "message"), fields["data"], fields.get("id", ""))
        fields = {}


def listens(path: Path) -> bool:
    """Whether a gateway is at that socket."""
    try:
        with Client(path) as client:
            client.get("/healthz")
    except NoGateway:
        return False
    return True
