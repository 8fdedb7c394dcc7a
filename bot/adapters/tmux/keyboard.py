"""The Keyboard port on tmux: compare, mark and press in one command list inside the server.

No byte of a text stands in a command: keys go as hexadecimal numbers, a paste by way of a buffer
that another process fills from its standard input.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.adapters.tmux import guard
from bot.adapters.tmux.client import ControlClient, NoAnswer, NoServer
from bot.adapters.tmux.control import Block
from bot.core.errors import TerminalUnusable
from bot.core.ids import PaneKey
from bot.core.press import Outcome, Press, PressResult, Refusal

_CONTROL = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")
_PIECE = 256
"""Bytes of one ``send-keys -H``: tmux 3.3a takes 7 ms for 1000, 800 ms for 9000 (and serves
nobody meanwhile), and refuses 10000 with "yacc stack overflow"."""


class TmuxKeyboard:
    def __init__(self, client: ControlClient) -> None:
        self._client = client

    async def press(self, press: Press) -> PressResult:
        """Raises TerminalUnusable only when nothing was sent."""
        if press.paste and _CONTROL.search(press.data):
            raise ValueError("a paste that was not filtered: it could end early and go on as keys")
        check = guard.condition(press.guard)
        if press.paste and not await self._load(press):
            return PressResult(Outcome.REFUSED, Refusal.PANE_GONE)
        try:
            blocks = await self._client.ask(_script(press, check))
        except NoServer:
            return PressResult(Outcome.REFUSED, Refusal.PANE_GONE)
        except NoAnswer:
            return await self._after_silence(press)
        return _result(press, blocks)

    async def _load(self, press: Press) -> bool:
        name = _buffer(press)
        answer = await self._client.server.run("load-buffer", "-b", name, "-", stdin=press.data)
        return answer.status == 0

    async def _after_silence(self, press: Press) -> PressResult:
        """Only the marker knows. The line that got no answer is not run later: tmux reads it in
        the same turn of its loop in which it sees that our client has gone."""
        facts = f"display-message -p -t {press.guard.pane.pane} '{guard.refused(press.guard)}'"
        try:
            blocks = await self._client.ask(facts, *_clean_up(press))
        except (NoServer, NoAnswer, TerminalUnusable):
            return PressResult(Outcome.UNKNOWN)
        refusal = guard.refusal(press.guard, _first_line(blocks))
        if refusal is Refusal.ALREADY_PRESSED:
            return PressResult(Outcome.PRESSED)
        if refusal in (Refusal.SERVER_CHANGED, Refusal.PANE_GONE, Refusal.PANE_CHANGED):
            return PressResult(Outcome.UNKNOWN)
        return PressResult(Outcome.REFUSED, refusal)

    async def marker(self, pane: PaneKey) -> str | None:
        # No id of ours stands in this format: display-message runs it through strftime first, and
        # "%3" with what follows is a conversion there (tmux 3.3a).
        found = (
            f"display-message -p -t {guard.checked(pane)} '{guard.IDENTITY} =#{{@wingman_press}}'"
        )
        try:
            line = _first_line(await self._client.ask(found))
        except NoServer:
            return None
        except NoAnswer as silence:
            raise TerminalUnusable(f"tmux does not answer: {silence}") from silence
        identity, _, mark = line.partition(" =")
        return mark if identity == guard.identity(pane) else None


def _buffer(press: Press) -> str:
    return f"wingman-{press.guard.press}"


def _script(press: Press, check: str) -> str:
    pane, mark = press.guard.pane.pane, press.guard.press
    steps = [f"set-option -p -t {pane} @wingman_press {mark}", *_keys(press)]
    denied = [f"display-message -p -t {pane} '{guard.refused(press.guard)}'", *_clean_up(press)]
    done = " ; ".join([*steps, "display-message -p PRESSED"])
    return f"if-shell -F -t {pane} '{check}' {{ {done} }} {{ {' ; '.join(denied)} }}"


def _clean_up(press: Press) -> list[str]:
    return [f"delete-buffer -b {_buffer(press)}"] if press.paste else []


def _keys(press: Press) -> list[str]:
    pane = press.guard.pane.pane
    if not press.paste:
        pieces = [press.data[at : at + _PIECE] for at in range(0, len(press.data), _PIECE)]
        return [f"send-keys -t {pane} -H {piece.hex(' ')}" for piece in pieces]
    return [f"paste-buffer -p -d -r -b {_buffer(press)} -t {pane}"]


def _first_line(blocks: Sequence[Block]) -> str:
    return blocks[0].lines[0] if blocks and blocks[0].lines else ""


def _result(press: Press, blocks: Sequence[Block]) -> PressResult:
    for line in (line for block in blocks if block.ok for line in block.lines):
        if line == "PRESSED":
            return PressResult(Outcome.PRESSED)
        if line.startswith("REFUSED "):
            return PressResult(Outcome.REFUSED, guard.refusal(press.guard, line))
    return PressResult(Outcome.UNKNOWN)
