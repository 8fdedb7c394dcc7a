"""Asks Stoplight's Prism whether what went over the wire is Twilio's API, by Twilio's own OpenAPI
files (github.com/twilio/twilio-oai, MIT). It knows fields, types and patterns, and nothing of the
world: no lengths of texts, no windows, no fields too many."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx

from tests.real_agents import packages
from tests.support.provider.wire import Reply
from tests.support.twilioapi.server import Call, FakeTwilio

VERSION = "5.16.0"
FILES = "WINGMAN_TEST_TWILIO_OAI"
"""The folder that has Twilio's files."""
_BY_PATH = {
    "/2010-04-01/": "twilio_api_v2010.json",
    "/v1/": "twilio_content_v1.json",
    "/v2/": "twilio_messaging_v2.json",
}
_CALL = "x-recorded-call"


def absent() -> str:
    """Why there is no oracle here; empty if there is."""
    folder = os.environ.get(FILES, "")
    lacking = [name for name in _BY_PATH.values() if not (Path(folder) / name).is_file()]
    if not folder or lacking:
        return f"{FILES} names no folder with {lacking[0]}" if lacking else f"no {FILES}"
    return packages.missing("prism", VERSION)


class TwilioOracle:
    """A Prism for each file stands between a client, which asks again what was asked, and a
    server, which answers again what was answered."""

    def __init__(self, stack: ExitStack, upstream: _Upstream) -> None:
        self._stack = stack
        self._upstream = upstream
        self._http = stack.enter_context(httpx.Client(timeout=30, trust_env=False, verify=False))
        self._addresses: dict[str, str] = {}

    @classmethod
    @contextmanager
    def running(cls) -> Iterator[TwilioOracle]:
        """Each Prism starts when it is needed, which takes about two seconds."""
        with ExitStack() as stack:
            yield cls(stack, stack.enter_context(_upstream()))

    def complaints(self, twilio: FakeTwilio) -> list[str]:
        """About what the gateway asked, and about what it was told. What was refused, or met a
        fault, is not looked at, nor are files: their address is in no file of Twilio's."""
        good = [
            call
            for call in twilio.calls
            if call.reply and call.reply.status < 400 and call.name != "media.fetch"
        ]
        return [told for call in good for told in self.ask(call)]

    def ask(self, call: Call) -> list[str]:
        assert call.reply is not None
        number = self._upstream.keep(call.reply)
        kept = ("authorization", "content-type", "accept")
        headers = {
            name: call.request.headers[name] for name in kept if name in call.request.headers
        }
        request = call.request
        answer = self._http.request(
            request.method,
            self._address(request.target) + request.target,
            content=request.body,
            headers={**headers, _CALL: str(number)},
        )
        if answer.status_code != call.reply.status:
            return [f"{call.name}: {answer.status_code} {answer.text[:300]}"]
        violations = json.loads(answer.headers.get("sl-violations", "[]"))
        return [
            f"{call.name}: {'.'.join(v['location'])}: {v['message']}"
            for v in violations
            if not _is_their_own(v["location"], v["code"])
        ]

    def _address(self, target: str) -> str:
        file = next(name for path, name in _BY_PATH.items() if target.startswith(path))
        if file not in self._addresses:
            path = Path(os.environ[FILES]) / file
            self._addresses[file] = self._stack.enter_context(_prism(path, self._upstream.url))
        return self._addresses[file]


def _is_their_own(location: list[str], code: object) -> bool:
    """The addresses of pages are paths, in Twilio's answers as in the examples of its files, where
    they are said to be whole ones."""
    return location[0] == "response" and location[-1].endswith("uri") and code == "format"


class _Upstream(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.replies: list[Reply] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def keep(self, reply: Reply) -> int:
        self.replies.append(reply)
        return len(self.replies) - 1


class _Handler(BaseHTTPRequestHandler):
    server: _Upstream

    def __getattr__(self, name: str) -> Callable[[], None]:
        """What a request of any method is answered by."""
        if not name.startswith("do_"):
            raise AttributeError(name)
        return self._answer

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("content-length") or 0))
        reply = self.server.replies[int(self.headers[_CALL])]
        self.send_response(reply.status)
        for name, value in (("content-type", reply.content_type), *reply.headers.items()):
            self.send_header(name, value)
        self.send_header("content-length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    def log_request(self, *_: object) -> None:
        """Standard error is the tests'."""


@contextmanager
def _upstream() -> Iterator[_Upstream]:
    with _Upstream() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def _prism(file: Path, upstream: str) -> Iterator[str]:
    """Its address."""
    program = str(packages.program("prism", VERSION))
    command = ["node", program, "proxy", str(file), upstream, "-p", "0", "-v", "info"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=subprocess.STDOUT, text=True) as process:
        try:
            assert process.stdout is not None
            told = next((line for line in process.stdout if "listening on" in line), "")
            assert told, "Prism does not start"
            reading = threading.Thread(target=process.stdout.read, daemon=True)
            reading.start()
            yield told.rpartition("listening on ")[2].strip()
        finally:
            process.kill()
